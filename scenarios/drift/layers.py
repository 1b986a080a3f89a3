"""The layers of monitoring in the order in which they are shown, and what each of them asks."""

from dataclasses import dataclass

from monitoring.judging import is_about
from scenarios.drift.story import AlertShown, LayerSaid, Month, Story
from scenarios.page.figures import spoken
from scenarios.page.marks import Kind


@dataclass(frozen=True, kw_only=True, slots=True)
class LayerShown:
    """A layer's name in the story, in the page, in a narrow column, and its question."""

    name: str
    title: str
    short: str
    question: str


LAYERS = (
    LayerShown(name="run", title="Run health", short="run", question="Did the month's files arrive whole, on time?"),
    LayerShown(name="gate", title="Data gate", short="gate", question="Do tables and columns look as in good months?"),
    LayerShown(name="prediction", title="Prediction drift", short="pred", question="Have the scores moved?"),
    LayerShown(
        name="estimate", title="Estimated quality", short="est", question="How good are the scores, by themselves?"
    ),
    LayerShown(name="input", title="Input drift", short="inp", question="Have the model's inputs moved?"),
    LayerShown(name="realised", title="Realised quality", short="real", question="What do the labels say, once in?"),
    LayerShown(name="business", title="Business cost", short="cost", question="Is money lost against the promise?"),
)

SEVERITIES = ("info", "warning", "critical")
"""Rising."""


def layers_of(story: Story) -> tuple[LayerShown, ...]:
    """The layers that said or raised anything in the story, known ones first."""
    spoke = [one.layer for month in story.months for one in month.layers]
    raised = [one.layer for month in story.months for one in month.alerts]
    said = dict.fromkeys([*spoke, *raised])
    known = tuple(one for one in LAYERS if one.name in said)
    others = (one for one in said if one not in {layer.name for layer in LAYERS})
    return known + tuple(LayerShown(name=one, title=spoken(one), short=one[:4], question="") for one in others)


def title_of(layer: str) -> str:
    """A layer's name for people."""
    return next((one.title for one in LAYERS if one.name == layer), spoken(layer))


def said_by(month: Month, layer: str) -> LayerSaid | None:
    """What the layer said in the month."""
    return next((one for one in month.layers if one.layer == layer), None)


def mark_of(month: Month, layer: str) -> Kind:
    """The mark of a layer's month: its verdict, and for an alarm the loudest alert it raised (a note if none)."""
    said = said_by(month, layer)
    if said is None:
        return "none"
    if said.verdict == "alarm":
        return loudest([one for one in month.alerts if is_about(layer, one)]) or "info"
    return "ok" if said.verdict == "ok" else "unknown"


def loudest(alerts: list[AlertShown]) -> Kind | None:
    """The highest severity among alerts that are not resolved."""
    ranks = [SEVERITIES.index(one.severity) for one in alerts if one.state != "resolved"]
    names: tuple[Kind, ...] = ("info", "warning", "critical")
    return names[max(ranks)] if ranks else None
