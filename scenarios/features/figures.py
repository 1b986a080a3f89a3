"""The figures behind the charts, as rows of text, and what is planted in the order in which it is read."""

from scenarios.features.story import Fault, Story
from scenarios.features.telling import KINDS, auc, step
from scenarios.page.figures import month, number, percent

Rows = list[tuple[str, ...]]

LADDER_HEAD = ("Step", "AUC", "Headroom closed", "What it is")
MONTH_HEAD = ("Cutoff", "Label rows", "Churn as booked", "Churn in truth", "Wrong labels")


def key_figures(story: Story) -> Rows:
    """The figures at the top of the page: name and value."""
    found = sum(one.found for one in story.faults)
    return [
        ("AUC of the stuck model", auc(story.baseline)),
        ("AUC on repaired tables", auc(step(story, "tables repaired").auc)),
        ("best possible AUC", auc(story.bayes)),
        ("wrong labels", number(story.wrong_labels)),
        ("faults found", f"{found} of {len(story.faults)}"),
    ]


def ladder_rows(story: Story) -> Rows:
    """Every step of the ladder."""
    return [(one.name, auc(one.auc), percent(one.share, 0), one.what) for one in story.ladder]


def month_rows(story: Story) -> Rows:
    """Labels by cutoff."""
    return [
        (month(one.label), number(one.customers), percent(one.booked), percent(one.right), number(one.wrong))
        for one in story.months
    ]


def groups(story: Story) -> list[tuple[str, list[Fault]]]:
    """What is planted, by kind."""
    found = [(name, [one for one in story.faults if one.kind == kind]) for kind, name in KINDS.items()]
    return [(name, faults) for name, faults in found if faults]
