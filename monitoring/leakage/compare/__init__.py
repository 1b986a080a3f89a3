"""Two columns that should hold the same."""
