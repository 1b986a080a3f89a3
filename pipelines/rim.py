"""The rim of every program: an error the user can put right becomes one clear block, without a traceback."""

import contextlib
import sys
from collections.abc import Iterator

from monitoring.errors import MonitorError
from pipelines.errors import LabError

FAILURE = 2
"""Exit code for an error the user can put right; 1 is left for `no` as an answer, and for crashes."""


@contextlib.contextmanager
def known_errors_shown(code: int = FAILURE) -> Iterator[None]:
    """Print a known error and leave with an exit code; let every other error through with its traceback."""
    try:
        yield
    except (LabError, MonitorError) as error:
        sys.stderr.write(f"\nerror: {error}\n")
        raise SystemExit(code) from None
