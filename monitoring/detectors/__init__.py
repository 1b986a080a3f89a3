"""Detectors of the user's own: one file each beside this one, and a line in the catalogue."""
