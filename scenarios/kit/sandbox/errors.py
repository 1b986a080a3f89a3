"""What can go wrong with a sandboxed child."""

from pipelines.errors import LabError


class NoIsolationError(LabError):
    """This machine has no way to run a candidate's code safely."""


class SessionError(LabError):
    """A session gave no usable answer: it crashed, was too slow, said too much, or no JSON."""
