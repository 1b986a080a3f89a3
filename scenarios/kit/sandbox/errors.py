"""What can go wrong with a sandboxed child."""

from pipelines.errors import LabError


class NoIsolationError(LabError):
    """There is no way to run a candidate's code safely on this machine."""


class SessionError(LabError):
    """A session gave no usable answer: it crashed, was too slow, said too much, or no JSON."""
