"""A fault of the graders' side in words: it is no score, and it names no folder of this machine."""

import traceback


def said(error: Exception) -> str:
    """What stopped the grader, in one line."""
    why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return f"the grader stopped: {type(error).__name__}: {why}"[:400]


def in_full(error: Exception) -> str:
    """The same with where it happened, for whoever mends it."""
    return "".join(traceback.format_exception(error))
