"""One line a step on the terminal, while a flow runs."""

import sys


def say(message: str) -> None:
    """Print a progress line at once (flows run below DVC, whose pipe would otherwise hold it back)."""
    sys.stdout.write(f"  {message}\n")
    sys.stdout.flush()
