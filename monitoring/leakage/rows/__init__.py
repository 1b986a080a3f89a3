"""Rows, labels and the split."""
