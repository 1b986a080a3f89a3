"""Alerts as Evidently sees them: a workspace with a dashboard, and a page for each month that alerts."""

from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import LabError
from pipelines.sinks.notice import Notice


@dataclass(frozen=True, kw_only=True, slots=True)
class EvidentlyWorkspace:
    """Adds each month to ``<folder>/workspace``, and ``<folder>/<month>.html`` where something fires."""

    folder: Path
    project: str

    @property
    def name(self) -> str:
        """What people call it."""
        return "the Evidently workspace"

    def deliver(self, notice: Notice) -> None:
        """Draw the month; LabError where the notice does not carry what is drawn."""
        if notice.given is None or notice.reference is None:
            raise LabError("the notice carries no month and no reference to draw")
        from monitoring import evidently_face

        backdrop = evidently_face.backdrop_of(notice.reference)
        loud = bool(notice.firing)
        snapshot = evidently_face.month_report(backdrop, notice.given, notice.report, full=loud)
        if loud:
            evidently_face.save_html(snapshot, self.folder / f"{notice.report.month}.html")
        evidently_face.to_workspace([snapshot], self.folder / "workspace", project=self.project)
