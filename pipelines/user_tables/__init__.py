"""Tables as people have them: any separator, encoding or number format, read with notes on what was changed."""
