"""The study's tables: for the terminal (rich) and for the page (Markdown), from the same rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table as RichTable

from benchmarks.harm.figures import CAUSES


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A title, the column heads and the rows, all text."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]

    def show(self, console: Console) -> None:
        """Print it."""
        table = RichTable(*self.heads, title=self.title)
        for row in self.rows:
            table.add_row(*row)
        console.print(table)

    def markdown(self) -> str:
        """The same as Markdown."""
        lines = [self.heads, ["---"] * len(self.heads), *self.rows]
        return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def tables(found: dict[str, Any]) -> dict[str, Table]:
    """All tables of a study by name."""
    return {
        "untouched": _scores("Harm found on untouched archetypes", found["untouched"]),
        "all": _scores("Harm found on all archetypes", found["all"]),
        "alerts": _alerts(found["alerts"]),
        "confusion": _confusion(found["causes"]["confusion"]),
        "archetypes": _archetypes(found["by_archetype"]),
    }


def _scores(title: str, scores: dict[str, dict[str, Any]]) -> Table:
    rows = [
        [
            name,
            f"{one['mcc']:.2f} ({one['low']:.2f} to {one['high']:.2f})",
            f"{one['precision']:.2f}",
            f"{one['recall']:.2f}",
            " / ".join(str(one["counts"][part]) for part in ("found", "missed", "false", "quiet")),
        ]
        for name, one in scores.items()
    ]
    heads = ("rule", "MCC (95 %, by archetype)", "precision", "recall", "found / missed / false / quiet")
    return Table(title=title, heads=heads, rows=rows)


def _alerts(found: dict[str, float]) -> Table:
    words = {
        "pages": ("calls in all worlds", "{:.0f}"),
        "median_pages_per_incident": ("calls per harmful world, median", "{:.3g}"),
        "mean_pages_per_incident": ("calls per harmful world, mean", "{:.3g}"),
        "incidents_paged": ("harmful worlds with a call", "{:.0%}"),
        "precision_harm": ("calls that were for harm", "{:.0%}"),
        "precision_harm_or_fault": ("calls that were for harm or broken data", "{:.0%}"),
    }
    rows = [[text, shown.format(found[name])] for name, (text, shown) in words.items()]
    return Table(title="Calls", heads=("figure", "value"), rows=rows)


def _confusion(table: dict[str, dict[str, int]]) -> Table:
    rows = [[name, *(str(row.get(cause, "")) for cause in CAUSES)] for name, row in table.items()]
    return Table(title="True cause (rows) and the cause named first", heads=("", *CAUSES), rows=rows)


def _span(shares: Sequence[float]) -> str:
    """The lowest and the highest share in whole per cent, once where they are the same.

    >>> _span([-0.001, 0.002]), _span([0.1, -0.02])
    ('0%', '-2% to +10%')
    """
    ends = dict.fromkeys(round(100.0 * end) for end in (min(shares), max(shares)))
    return " to ".join(f"{end:+d}%" if end else "0%" for end in ends)


def _archetypes(found: list[dict[str, Any]]) -> Table:
    rows = [
        [
            one["name"],
            "tuned" if one["tuned"] else "untouched",
            one["cause"],
            _span(one["harm"]),
            *(f"{one[part]:.0%}" for part in ("harmful", "before_labels", "with_labels", "evidently_share")),
            f"{one['pages']:.1f}",
            one["cause_said"],
        ]
        for one in found
    ]
    heads = (
        "archetype",
        "",
        "true cause",
        "profit lost",
        "harmful",
        "said before labels",
        "said with 20 %",
        "columns Evidently calls drifted",
        "calls",
        "cause named most",
    )
    return Table(title="Archetypes", heads=heads, rows=rows)
