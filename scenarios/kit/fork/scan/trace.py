"""One thing in a pack that should not be there."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal[
    "seed",
    "name",
    "figure",
    "order",
    "dtype",
    "Parquet metadata",
    "archive metadata",
    "file time",
    "file mode",
    "git history",
    "cache",
    "MLflow store",
    "DVC store",
    "pickle",
    "link or special file",
    "stray file",
    "path of this machine",
    "user or machine name",
    "size",
]


@dataclass(frozen=True, kw_only=True, slots=True)
class Trace:
    """A trace: its kind, the file it is in, and what it is (never the secret itself)."""

    kind: Kind
    file: str
    what: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.file}: {self.what}"
