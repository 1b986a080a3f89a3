"""What the table alone can show, one check a file."""
