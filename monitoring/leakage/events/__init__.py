"""The table made again from the events: proof."""
