"""Alerts as files: one canonical JSON a month."""

from dataclasses import dataclass
from pathlib import Path

from pipelines.sinks.notice import Notice
from pipelines.store import write_json


@dataclass(frozen=True, kw_only=True, slots=True)
class JsonFile:
    """Writes ``<month>.json`` into a folder: the whole report, the same bytes for the same report."""

    folder: Path

    @property
    def name(self) -> str:
        """What people call it."""
        return f"the folder {self.folder.name}"

    def deliver(self, notice: Notice) -> None:
        """Write the month."""
        write_json(self.folder / f"{notice.report.month}.json", notice.report.to_plain())
