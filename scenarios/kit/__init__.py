"""Handing out cases and taking answers back."""
