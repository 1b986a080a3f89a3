"""Databases that set-up lays out once (tools/setup.sh), since their makers take seconds to do it."""

import contextlib
import os
import sqlite3
import sys
from pathlib import Path


def lay_out(database: Path) -> None:
    """Give a place without a database the empty one of that name that set-up made; without it, do nothing."""
    template = Path(sys.prefix) / "share" / database.stem / database.name
    if database.exists() or not template.exists():
        return
    partial = database.with_name(f"{database.name}.{os.getpid()}")
    with contextlib.closing(sqlite3.connect(template)) as source, contextlib.closing(sqlite3.connect(partial)) as copy:
        source.backup(copy)
    partial.replace(database)
