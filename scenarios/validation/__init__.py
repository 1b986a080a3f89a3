"""Validation discipline: a hold-out score that is too good, and the steps that made it so."""
