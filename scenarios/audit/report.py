"""What page and terminal show: the audit with the names and notes around it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from monitoring.leakage.plain import to_plain
from monitoring.leakage.vocabulary import Audit, ColumnFinding, ColumnVerdict


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """An audit to be shown. `table` is the file's own name, `command` asks the same again."""

    audit: Audit
    table: str
    target: str
    command: str
    notes: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()

    def having(self, *verdicts: ColumnVerdict) -> tuple[ColumnFinding, ...]:
        """Columns with one of these verdicts: in the verdicts' order, the surest first."""
        found = [one for one in self.audit.columns if one.verdict in verdicts]
        return tuple(sorted(found, key=lambda one: (verdicts.index(one.verdict), -one.confidence)))


def plain_report(report: Report, said: Sequence[str]) -> dict[str, Any]:
    """`audit.json`: everything the audit found, what was asked, and the verdict in sentences."""
    asked = {"table": report.table, "target": report.target, "command": report.command}
    return {
        **to_plain(report.audit),
        "asked": asked,
        "verdict": list(said),
        "notes": list(report.notes),
        "hints": list(report.hints),
    }
