"""A lineage in the terminal: what a run came from, a line a fact."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.dvc_cache import is_cached
from scenarios.page.figures import DASH, number, printable
from scenarios.provenance.find import NOT_RECORDED, Found


def show(found: Found, root: Path, console: Console) -> None:
    """Print where a run came from, and whether the DVC cache still holds what it read and wrote."""
    one = found.lineage
    console.print(Text(f"{one.stage}, told by {found.told_by}", style="bold"))
    table = _table("", "")
    for name, value in _facts(found):
        table.add_row(name, Text(printable(value)))
    console.print(table)
    for title, hashes in (("Inputs", one.inputs), ("Outputs", one.outputs)):
        console.print(Text(f"\n{title}", style="bold"))
        console.print(_hashes(hashes, root) if hashes else Text("none"))
    console.print(Text("\nParameters", style="bold"))
    console.print(_pairs(sorted(_flat(one.params))))
    if found.metrics:
        console.print(Text("\nFigures that MLflow has", style="bold"))
        console.print(_pairs([(name, number(value, 6)) for name, value in sorted(found.metrics.items())]))


def _facts(found: Found) -> tuple[tuple[str, str], ...]:
    one = found.lineage
    commit = one.commit or "none: it was made outside a git checkout"
    return (
        ("commit", f"{commit}, with changes that were not committed" if one.dirty else commit),
        ("seed", str(one.seed)),
        ("packages", f"requirements.lock with SHA-256 {one.lock_sha256[:16]}"),
        ("python", one.python if one.python == NOT_RECORDED else f"{one.python} on {one.platform}"),
        ("Prefect run", one.prefect_flow_run or DASH),
        ("MLflow run", one.mlflow_run or DASH),
    )


def _hashes(hashes: Mapping[str, str], root: Path) -> Table:
    table = _table("hash", "in the DVC cache", "path")
    for path, digest in sorted(hashes.items()):
        table.add_row(digest, "yes" if is_cached(root, digest) else "no", Text(printable(path)))
    return table


def _pairs(pairs: list[tuple[str, str]]) -> Table:
    table = _table("", "")
    for name, value in pairs:
        table.add_row(name, Text(printable(value)))
    return table


def _flat(params: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in params.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", str(value)


def _table(*heads: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim", show_header=any(heads))
    for at, name in enumerate(heads):
        table.add_column(name, no_wrap=at < len(heads) - 1, overflow="fold")
    return table
