"""What a recorded run came from, as an answer says it in `lineage.json`, and how much of it is right."""

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

FILE: Final = "lineage.json"
SETTINGS: Final = (
    "as_of",
    "columns",
    "encoding",
    "extract",
    "judge_on",
    "learning_rate",
    "leaves",
    "min_rows",
    "model_seed",
    "rounds",
    "seed",
    "window_days",
    "workers",
    "zone",
)
FIELDS: Final = ("commit", "customers_md5", "scorelib", *SETTINGS)
"""The names of a lineage."""

TELLS: Final = {
    "overwritten-in-place": "customers_md5",
    "unversioned-extract": "extract",
    "unseeded-sampling": "seed",
    "hash-order": "columns",
    "wall-clock": "as_of",
    "locale": "encoding",
    "time-zone": "zone",
    "thread-count": "workers",
    "floating-dependency": "scorelib",
    "environment-variable": "window_days",
    "undeclared-file": "leaves",
    "unlogged-parameter": "learning_rate",
    "wrong-commit": "commit",
    "metric-of-another-split": "judge_on",
}
"""Cause -> the field that it hides."""

HIDDEN_WEIGHT: Final = 4.0
"""What a hidden field counts, where one that can be copied from params.yaml counts 1."""

_CLOSE: Final = 1e-9


def lineage(values: Mapping[str, Any], *, commit: str, customers: str, scorelib: str) -> dict[str, Any]:
    """What a run came from, by field."""
    known = {name: values[name] for name in SETTINGS}
    return {"commit": commit, "customers_md5": customers, "scorelib": scorelib, **known}


def read_lineage(text: str) -> dict[str, Any]:
    """The fields of a `lineage.json`; empty where it is no JSON object."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return {name: told[name] for name in FIELDS if name in told} if isinstance(told, dict) else {}


def right_fields(told: Mapping[str, Any], true: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of the fields that are right."""
    return tuple(name for name in FIELDS if name in told and _same(name, told[name], true[name]))


def weights(planted: tuple[str, ...]) -> dict[str, float]:
    """What each field counts."""
    hidden = {TELLS[code] for code in planted if code in TELLS}
    return {name: HIDDEN_WEIGHT if name in hidden else 1.0 for name in FIELDS}


def _same(name: str, told: Any, true: Any) -> bool:  # noqa: ANN401 - any JSON value
    if name == "zone":
        return _offsets(told) == _offsets(true)
    if name == "encoding":
        return str(told).lower().replace("_", "-") in ("latin-1", "latin1", "iso-8859-1", "cp1252", "windows-1252")
    if name == "commit":
        return isinstance(told, str) and len(told) >= 7 and str(true).startswith(told)  # noqa: PLR2004 - git's short id
    if isinstance(true, float) and isinstance(told, int | float):
        return math.isclose(told, true, rel_tol=_CLOSE)
    return bool(told == true) or str(told) == str(true)


def _offsets(zone: Any) -> tuple[object, ...] | None:  # noqa: ANN401 - any JSON value
    """How far a zone lies from UTC, winter and summer."""
    try:
        known = ZoneInfo(str(zone))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
    return tuple(datetime(2024, month, 1, tzinfo=UTC).astimezone(known).utcoffset() for month in (1, 7))
