"""A repository's files as values: a text replaced, a setting put in or taken out."""

import json
import re
from collections.abc import Mapping
from typing import Any, TypeAlias

Files: TypeAlias = Mapping[str, bytes]
"""A folder's files by relative path."""

PARAMS = "params.yaml"


def replaced(files: Files, name: str, old: str, new: str) -> dict[str, bytes]:
    """The files with `old`, which stands once in `name`, turned into `new`.

    Raises
    ------
    ValueError
        Where it does not stand there once.
    """
    text = files[name].decode("utf-8")
    if text.count(old) != 1:
        raise ValueError(f"{name} holds {text.count(old)} times instead of once: {old!r}")
    return {**files, name: text.replace(old, new).encode("utf-8")}


def with_setting(files: Files, name: str, value: Any) -> dict[str, bytes]:  # noqa: ANN401 - any YAML value
    """The files with a setting of params.yaml put in, or changed in its place."""
    line = f"{name}: {json.dumps(value)}"
    text = files[PARAMS].decode("utf-8")
    pattern = re.compile(rf"^{name}:.*$", flags=re.MULTILINE)
    text = pattern.sub(lambda _: line, text) if pattern.search(text) else f"{text}{line}\n"
    return {**files, PARAMS: text.encode("utf-8")}


def without_setting(files: Files, name: str) -> dict[str, bytes]:
    """The files with a setting of params.yaml taken out."""
    text = re.sub(rf"^{name}:.*\n", "", files[PARAMS].decode("utf-8"), flags=re.MULTILINE)
    return {**files, PARAMS: text.encode("utf-8")}


def holds(files: Files, name: str, text: str) -> bool:
    """Whether a text stands in a file."""
    return text in files.get(name, b"").decode("utf-8", errors="replace")
