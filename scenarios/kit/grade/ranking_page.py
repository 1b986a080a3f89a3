"""The page of a ranking: a table and a plot for every scenario and level."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from markupsafe import Markup

from scenarios.base import MIDDLING, STRONG, WEAK
from scenarios.kit.grade.ranking import Group
from scenarios.kit.grade.words import Ended
from scenarios.page.charts import dots
from scenarios.page.dot_plot import Dot, DotPlot
from scenarios.page.template import render_page

EACH: Final = "submissions"
"""Folder beside the page that holds a folder for every submission."""

_TEMPLATE: Final = Path(__file__).with_name("many.html.j2")
_BADGES: Final = {Ended.GRADED: "ok", Ended.UNUSABLE: "critical", Ended.ERROR: "unknown"}
_BANDS: Final = {
    "sound": f"{STRONG.low:.0f}",
    "half": f"{MIDDLING.low:.0f} to {MIDDLING.high:.0f}",
    "weak": f"{WEAK.high:.0f}",
}


def ranking_page(groups: Sequence[Group]) -> str:
    """The page as text. It holds no time and no path."""
    verdicts = [one.verdict for group in groups for one in group.places]
    counts = [(str(ended), str(sum(one.ended is ended for one in verdicts))) for ended in Ended]
    return render_page(
        _TEMPLATE,
        count=len(verdicts),
        figures=counts,
        groups=[(group, plot(group, at)) for at, group in enumerate(groups)],
        badges=_BADGES,
        bands=_BANDS,
        each=EACH,
    )


def plot(group: Group, at: int) -> Markup | None:
    """The scores of a group on one scale; None where there is none."""
    scored = [one.verdict for one in group.places if one.verdict.score is not None]
    if not scored:
        return None
    return dots(
        DotPlot(
            name=f"scores-{at}",
            description=f"Scores of {group.title}: "
            + "; ".join(f"{one.candidate or one.submission} {one.score:g}" for one in scored),
            x_title="points out of 100",
            groups=((group.title, tuple(_dot(one.candidate or one.submission, one.score or 0.0) for one in scored)),),
            digits=1,
            least=100.0,
        )
    )


def _dot(name: str, score: float) -> Dot:
    return Dot(name=name, tone="one", value=score, low=float("nan"), high=float("nan"))
