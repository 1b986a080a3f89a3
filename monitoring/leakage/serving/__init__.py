"""The table beside the scoring log."""
