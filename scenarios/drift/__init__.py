"""Drift and monitoring: a model in production over twelve months, with labels that come late."""
