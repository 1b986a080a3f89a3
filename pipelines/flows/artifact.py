"""Alerts on Prefect's page: one Markdown artifact a month."""

from dataclasses import dataclass

from prefect.artifacts import create_markdown_artifact

from pipelines.sinks.notice import Notice, headline, markdown


@dataclass(frozen=True, kw_only=True, slots=True)
class PrefectArtifact:
    """Writes the artifact ``alerts-<month>`` of the flow run it is used in."""

    @property
    def name(self) -> str:
        """What people call it."""
        return "Prefect"

    def deliver(self, notice: Notice) -> None:
        """Write the month's artifact."""
        create_markdown_artifact(
            key=f"alerts-{notice.report.month}", markdown=markdown(notice), description=headline(notice)
        )
