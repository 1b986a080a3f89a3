"""How much a sandboxed child may use."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What a child may use. `cpu_seconds` is for one session (a world), `seconds_a_call` the wait for one answer.

    `scratch_bytes` is the size of a folder to write to, in memory and gone with the child; 0 for none. `processes`
    counts processes and threads together; `line_bytes` is the longest answer that is read.
    """

    cpu_seconds: int = 60
    memory_bytes: int = 4 << 30
    file_bytes: int = 16 << 20
    scratch_bytes: int = 0
    processes: int = 64
    open_files: int = 256
    seconds_a_call: float = 60.0
    line_bytes: int = 1 << 16
