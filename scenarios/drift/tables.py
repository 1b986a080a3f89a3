"""The figures behind the charts, as rows of text."""

from urllib.parse import quote

from scenarios.drift.story import Month, Practice, Seen, Story
from scenarios.drift.threads import incidents
from scenarios.page.figures import DASH, counted, free, money, month, number, percent, printable, spoken

Rows = list[tuple[str, ...]]

QUALITY_HEAD = ("Month", "True", "Best possible", "Twin world", "Estimated", "Seen from labels", "about the cohort")
MONEY_HEAD = ("Month", "True profit", "Twin world", "Best possible", "Lost", "Seen from labels", "about the cohort")
PROMISE_HEAD = ("Month", "True", "Twin world", "Seen from labels", "about the cohort", "Churn rate", "Mean score")


def quality_rows(story: Story) -> Rows:
    """AUC by month; what labels said stands in the month in which it became known."""
    return [_quality(one) for one in story.months]


def _quality(told: Month) -> tuple[str, ...]:
    exact = (told.true.auc, told.best.auc, told.twin.auc, told.estimated_auc)
    return (month(told.label), *(number(one, 3) for one in exact), _seen_auc(told.seen), _cohort(told.seen))


def _seen_auc(seen: Seen | None) -> str:
    if seen is None:
        return DASH
    return f"{number(seen.auc, 3)} ({number(seen.auc_low, 3)} to {number(seen.auc_high, 3)})"


def _cohort(seen: Seen | None) -> str:
    return DASH if seen is None else month(seen.cohort)


def money_rows(story: Story) -> Rows:
    """Dollars per 1,000 customers and month."""
    return [_money(one) for one in story.months]


def _money(told: Month) -> tuple[str, ...]:
    exact = (told.true.profit_per_1000, told.twin.profit_per_1000, told.best.profit_per_1000, told.lost_per_1000)
    seen = None if told.seen is None else told.seen.profit_per_1000
    return (month(told.label), *(money(one) for one in exact), money(seen), _cohort(told.seen))


def promise_rows(story: Story) -> Rows:
    """Observed over expected churn, with the two rates it comes from."""
    return [_promise(one) for one in story.months]


def _promise(told: Month) -> tuple[str, ...]:
    seen = None if told.seen is None else told.seen.calibration
    ratios = (told.true.calibration, told.twin.calibration, seen)
    rates = (percent(told.churn_rate, 2), percent(told.mean_score, 2))
    return (month(told.label), *(number(one, 2) for one in ratios), _cohort(told.seen), *rates)


def key_figures(story: Story) -> Rows:
    """The figures at the top of the page: name and value."""
    lost, churners = story.damage.lost_margin, story.damage.extra_churners
    rightly = sum(one.as_wished for one in story.noticed)
    return [
        ("customers scored a month", number(_mean_customers(story))),
        ("months in production", number(len(story.months))),
        ("margin lost to the events" if lost >= 0 else "margin gained from the events", money(abs(lost))),
        ("customers lost to them" if churners >= 0 else "customers kept by them", number(abs(churners))),
        ("events judged rightly", f"{rightly} of {len(story.noticed)}" if story.noticed else DASH),
        ("incidents (critical)", _incident_count(story)),
    ]


def _mean_customers(story: Story) -> float:
    return sum(one.customers for one in story.months) / len(story.months) if story.months else story.customers


def _incident_count(story: Story) -> str:
    found = incidents(story)
    return f"{len(found)} ({sum(one.severity == 'critical' for one in found)})"


def champion_rows(story: Story) -> Rows:
    """The first model's own figures."""
    return [(_CHAMPION.get(name, spoken(name)), free(value)) for name, value in sorted(story.champion.items())]


_CHAMPION = {
    "auc": "AUC on later months than it was trained on",
    "auc_below_bayes": "AUC missing to the best possible",
    "baseline_auc": "AUC of a plain logistic regression",
    "bayes_auc": "AUC, best possible",
    "bayes_log_loss": "log loss, best possible",
    "brier": "mean squared error of the scores (Brier)",
    "calibration_ratio": "observed over expected churners",
    "churn_rate": "share of customers who left within 30 days",
    "ece": "mean gap between score and churn rate (ECE)",
    "flagged_share": "share of customers flagged for an offer",
    "lift_top_decile": "churners among the top 10 %, times the average",
    "log_loss": "log loss",
    "profit_per_1000": "campaign profit, $ per 1,000 customers and month",
    "threshold": "score from which an offer is sent",
}


def method_rows(story: Story, *, of_page: bool) -> Rows:
    """Methods by name: those behind this page's own figures, or those of the checks."""
    found = sorted(story.methods.items())
    return [(spoken(name), text) for name, text in found if (name in _OF_PAGE) is of_page]


_OF_PAGE = ("best", "lost", "practices", "seen", "true", "twin")


_DONE = ("Retrained", "Recalibrated", "Repaired")
PRACTICE_HEAD = ("Practice", "Cost", "Share won", "Calls", "Before any harm", "Delay", *_DONE)


def practice_rows(story: Story) -> Rows:
    """Each practice in money (per 1,000 customers over the year), calls and delay."""
    return [_practice(one) for one in story.practices]


def _practice(one: Practice) -> tuple[str, ...]:
    """The share won lies between doing nothing (0 %) and the oracle (100 %)."""
    won = DASH if one.share_won is None else percent(one.share_won, 0)
    delay = DASH if one.delay is None else counted(one.delay, "month")
    done = (number(one.actions.get(name, 0)) for name in ("retrain", "recalibrate", "repair"))
    return (one.title, money(one.cost), won, number(one.alerts), number(one.alerts_before_harm), delay, *done)


def summary(told: Month) -> str:
    """A month in one line."""
    alerts = [one for one in told.alerts if one.state != "resolved"]
    urgent = sum(one.severity == "critical" for one in alerts)
    count = counted(len(alerts), "open alert") if alerts else "no open alert"
    return f"{count}, {urgent} critical" if urgent else count


def decision(told: Month) -> str:
    """What was decided, in the story's words."""
    return "nothing to decide" if told.decision in ("", "none") else told.decision


def safe_links(paths: tuple[str, ...]) -> Rows:
    """Address and text of each path. An address stays below the page: it cannot name a scheme or a host.

    >>> safe_links(("evidently/2025-11.html", "javascript:alert(1)"))
    [('./evidently/2025-11.html', '2025-11.html'), ('./javascript%3Aalert%281%29', 'javascript:alert(1)')]
    """
    return [(f"./{quote(printable(one).lstrip('/'))}", one.removeprefix("evidently/")) for one in paths]
