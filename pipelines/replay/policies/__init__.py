"""Retrain policies that can be held against one another, one a file."""
