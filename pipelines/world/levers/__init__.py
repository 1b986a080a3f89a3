"""Levers: one file for each way in which the company or its customers may change."""
