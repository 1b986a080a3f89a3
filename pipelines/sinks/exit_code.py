"""Alerts as an exit code, for schedulers and CI."""

from dataclasses import dataclass, field

from pipelines.sinks.notice import Notice

QUIET, ALERTS = 0, 1
"""Nothing a person has to look at; a warning or worse fires."""


@dataclass(slots=True)
class ExitCode:
    """Remembers in which of the months it was told of something fired."""

    loud: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """What people call it."""
        return "the exit code"

    @property
    def code(self) -> int:
        """0 where all months were quiet, 1 where a warning or worse fired in any."""
        return ALERTS if self.loud else QUIET

    def deliver(self, notice: Notice) -> None:
        """Remember the month if something fires in it. Muted and acknowledged incidents do not count."""
        if notice.firing:
            self.loud.append(notice.report.month)
