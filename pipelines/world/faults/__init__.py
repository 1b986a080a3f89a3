"""Faults: one file for each way in which a delivery may be damaged while the world stands still."""
