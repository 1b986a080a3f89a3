"""The leakage audit: which columns, rows and splits give the answer away, and how well that is proved."""
