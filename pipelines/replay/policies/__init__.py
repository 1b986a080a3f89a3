"""Retrain policies that can be held against one another, one a file.

A new policy is a file with a function or a class that is called once a month, and a line in `catalogue`.
"""
