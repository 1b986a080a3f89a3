"""Data-leakage literacy: a score that is too good, and the columns, rows and code paths that made it so."""
