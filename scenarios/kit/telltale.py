"""Words that give a case away: no public file, column or path may hold one."""

import re
from typing import Final

import pandas as pd

from scenarios.base import Public

TELLTALE: Final = re.compile(r"leaky|is_leak|target_copy|planted|decoy|ground.?truth|\btrap\b", re.IGNORECASE)


def telltales(public: Public) -> list[str]:
    """Every such word with the file it stands in, in order of the files; bytes are read as they lie there."""
    return [f"'{found[0]}' in {path}" for path in sorted(public) for found in _found(path, public[path])]


def _found(path: str, content: "pd.DataFrame | str | bytes") -> list[re.Match[str]]:
    if isinstance(content, bytes):
        content = content.decode("latin-1")
    text = content if isinstance(content, str) else " ".join(map(str, content.columns))
    return [found for one in (path, text) if (found := TELLTALE.search(one)) is not None]
