"""A sample story: a year like the drift scenario's, made by hand, so that what is shown can be tested without a run."""

from collections.abc import Callable

import pytest

from scenarios.drift.story import (
    AlertShown,
    Damage,
    Happening,
    LayerSaid,
    Month,
    Noticed,
    Practice,
    Quality,
    Seen,
    Story,
    TrialShown,
)

LABELS = tuple(f"2025-{month:02d}" for month in range(1, 13))
RIVAL, SEASON, CHANNEL, SECONDS = "competitor_launch", "seasonal_swing", "channel_mix", "unit_change"
TITLES = {
    SEASON: "Usage swings more with the season",
    CHANNEL: "More new customers come through promotions",
    RIVAL: "A rival courts monthly plus and pro customers",
    SECONDS: "The app sends seconds where minutes are expected",
}
TRUE_AUC = (0.781, 0.784, 0.779, 0.782, 0.780, 0.748, 0.741, 0.737, 0.739, 0.768, 0.642, 0.651)
TWIN_AUC = (0.781, 0.784, 0.780, 0.782, 0.781, 0.779, 0.783, 0.780, 0.778, 0.782, 0.781, 0.779)
BEST_AUC = (0.801, 0.803, 0.799, 0.802, 0.801, 0.806, 0.804, 0.805, 0.803, 0.806, 0.805, 0.804)
PROFIT = (392.0, 401.0, 388.0, 396.0, 390.0, 418.0, 407.0, 399.0, 404.0, 501.0, -118.0, -96.0)
TWIN_PROFIT = (392.0, 401.0, 389.0, 396.0, 391.0, 394.0, 399.0, 388.0, 392.0, 397.0, 390.0, 395.0)
BEST_PROFIT = (452.0, 461.0, 447.0, 455.0, 450.0, 588.0, 592.0, 590.0, 586.0, 601.0, 597.0, 603.0)
CALIBRATION = (1.01, 0.99, 1.02, 1.00, 0.99, 1.31, 1.34, 1.32, 1.29, 1.03, 0.71, 0.74)

RETRAIN = (
    "Retrain on months after the change as their labels land; let the challenger beat the model before it takes over."
)
REPAIR = "Do not retrain on this month. Find the feed that broke and have it repaired; then score the month again."
LOOK = "Look at which customers came or went. No action while estimated and realised performance hold."


@pytest.fixture
def make_story() -> Callable[..., Story]:
    """A function that returns the sample story, with fields replaced by its keyword arguments."""
    return sample_story


def sample_story(**changes: object) -> Story:
    fields = {
        "title": "Drift and monitoring: one year of a churn model in production",
        "question": "Which of four events matters, when can you know, and what do you do?",
        "seed": 20230101,
        "customers": 12000,
        "history": "2023-01 to 2024-12",
        "production": "2025-01 to 2025-12",
        "champion": {"auc": 0.7813, "ece": 0.0031, "profit_per_1000": 385.18, "threshold": 0.1642},
        "methods": {"true": "exact expectation over churn probabilities", "drift": "two-sample Kolmogorov-Smirnov"},
        "happenings": happenings(),
        "months": tuple(month(index) for index in range(len(LABELS))),
        "noticed": noticed(),
        "damage": Damage(extra_churners=431, expected_extra_churners=428.6, lost_margin=81_904.2),
        "practices": practices(),
        "evidently": tuple(f"evidently/{label}.html" for label in (*LABELS[7:9], *LABELS[10:])),
    }
    return Story(**(fields | changes))


def practices() -> tuple[Practice, ...]:
    return (
        practice("never", "Do nothing", cost=1943.1, share_won=0.0),
        practice(
            "any_drift", "Retrain where any column's PSI is above 0.2", cost=3366.7, share_won=-4.2, alerts=12, delay=2
        ),
        practice("sound", "Ours: gate, labels, money", cost=1720.4, share_won=0.81, alerts=3, delay=3),
        practice("oracle", "The oracle, which knows the future", cost=1668.0, share_won=1.0, delay=2),
    )


def practice(name: str, title: str, *, cost: float, share_won: float, **more: object) -> Practice:
    usual = {
        "alerts": 0,
        "alerts_before_harm": 0,
        "delay": None,
        "actions": {"retrain": 1, "recalibrate": 0, "repair": 0},
        "missed": cost - 100.0,
        "spent": 100.0,
        "called": 0.0,
        "running": tuple(cost * done / len(LABELS) for done in range(1, len(LABELS) + 1)),
    }
    return Practice(**(usual | {"name": name, "title": title, "cost": cost, "share_won": share_won} | more))


def happenings() -> tuple[Happening, ...]:
    return (
        happening(RIVAL, "2025-06", dose="0.75 log-odds per unit of price sensitivity", moves=("P(Y)", "P(Y|X)")),
        happening(SEASON, "2025-01", dose="1 times the usual season", moves=("P(X)",), harmless=True),
        happening(
            CHANNEL, "2025-03", dose="0.3 of new customers", moves=("P(X)", "P(Y)"), harmless=True, shape="gradual"
        ),
        happening(SECONDS, "2025-11", dose="1 share of app users", kind="fault"),
    )


def happening(name: str, first: str, **more: object) -> Happening:
    usual = {"kind": "lever", "last": None, "shape": "sudden", "moves": (), "harmless": False}
    return Happening(**(usual | {"name": name, "title": TITLES[name], "first": first} | more))


def noticed() -> tuple[Noticed, ...]:
    return (
        notice(RIVAL, "2025-08", "critical", "realised", 2, "more customers leave than the scores promise"),
        notice(SEASON, None, None, None, None, "nobody was called, and nobody needed to be"),
        notice(CHANNEL, "2025-05", "info", "input", 2, "a note only: it explains, nobody has to act"),
        notice(SECONDS, "2025-11", "critical", "gate", 0, "typical size of active_minutes changed by x60"),
    )


def notice(  # noqa: PLR0917 - the fields of a record, in its order
    event: str,
    first: str | None,
    severity: str | None,
    layer: str | None,
    late: int | None,
    comment: str,
) -> Noticed:
    return Noticed(
        event=TITLES[event],
        first_alert=first,
        severity=severity,
        layer=layer,
        months_late=late,
        as_wished=True,
        comment=comment,
    )


def month(index: int) -> Month:
    rival, broken = index >= 5, index >= 10
    label = LABELS[index]
    active = [SEASON, *([CHANNEL] if index >= 2 else []), *([RIVAL] if rival else []), *([SECONDS] if broken else [])]
    return Month(
        label=label,
        customers=12000 + 31 * index,
        model="champion-1" if index < 9 else "challenger-2025-09",
        blocked=broken,
        active=tuple(TITLES[one] for one in active),
        changed=("competitor_log_odds: 0 -> 0.75",) if rival else (),
        mean_score=0.034 + 0.0005 * index,
        flagged_share=0.037 if not broken else 0.112,
        churn_rate=0.0331 if not rival else 0.0424,
        true=quality(TRUE_AUC[index], CALIBRATION[index], PROFIT[index]),
        twin=quality(TWIN_AUC[index], 1.0, TWIN_PROFIT[index]),
        best=quality(BEST_AUC[index], 1.0, BEST_PROFIT[index]),
        seen=seen(index),
        estimated_auc=None if broken else 0.783,
        layers=layers(index),
        alerts=alerts(index),
        decision="challenger-2025-09 promoted to champion"
        if label == "2025-09"
        else "scores held back"
        if broken
        else "none",
        trial=trial() if label == "2025-09" else None,
        lost_per_1000=max(0.0, BEST_PROFIT[index] - PROFIT[index] - 60.0),
    )


def quality(auc: float, calibration: float, profit: float) -> Quality:
    return Quality(auc=auc, log_loss=0.13, calibration=calibration, profit_per_1000=profit)


def seen(index: int) -> Seen | None:
    if index < 2:
        return None
    auc = TRUE_AUC[index - 2] + 0.007 * (-1) ** index
    return Seen(
        cohort=LABELS[index - 2],
        auc=auc,
        auc_low=auc - 0.022,
        auc_high=auc + 0.021,
        calibration=CALIBRATION[index - 2] + 0.04 * (-1) ** index,
        profit_per_1000=PROFIT[index - 2] + 25.0,
    )


def layers(index: int) -> tuple[LayerSaid, ...]:
    broken, moved, harm = index >= 10, index >= 3, index in (7, 8)
    said = [
        layer("run", 1),
        layer(
            "gate", 76, 14 if broken else 0, "usage.active_minutes: typical size changed by x60 (seconds for minutes)"
        ),
        layer("prediction", 3, 2 if broken else 0, "the scores moved by 0.214; good months stay below 0.077"),
        layer("input", 58, 2 if moved else 0, "channel: moved by 0.155 against 2024-12; good months stay below 0.112"),
    ]
    if not broken:
        said.insert(3, layer("estimate", 1))
    if index < 2:
        return (*said, layer("realised", 0))
    more = layer("realised", 6, int(harm), "more customers leave than the scores promise since the cohort of 2025-06")
    return (*said, more, layer("business", 2))


def layer(name: str, checks: int, alarms: int = 0, leading: str = "") -> LayerSaid:
    verdict = "alarm" if alarms else "ok" if checks else "cannot_tell"
    return LayerSaid(layer=name, verdict=verdict, alarms=alarms, checks=checks, leading=leading if alarms else "")


def alerts(index: int) -> tuple[AlertShown, ...]:
    found = []
    if index in (7, 8, 9):
        state = "resolved" if index == 9 else "firing"
        found.append(
            alert(
                "2025-08/outcome",
                layer="realised",
                signal="cusum_more_churn",
                severity="critical",
                state=state,
                cause="concept",
                value=3.93,
                threshold=3.39,
                effect_money=1758.0,
                first_seen="2025-08",
                message="score: more customers leave than the scores promise since the cohort of 2025-06",
                what_to_do=RETRAIN,
            )
        )
    if index >= 3:
        state = "pending" if index == 3 else "firing"
        found.append(alert("2025-04/inputs", subject="channel", state=state, first_seen="2025-04", what_to_do=LOOK))
    if index >= 10:
        found += [broken_minutes(segment) for segment in ("", *(f"plan={one}" for one in ("basic", "plus", "pro")))]
        found += [broken_minutes(f"region={one}") for one in ("AMER", "APAC", "EMEA")]
    return tuple(found)


def broken_minutes(segment: str) -> AlertShown:
    subject = f"usage.active_minutes [{segment}]" if segment else "usage.active_minutes"
    return alert(
        "2025-11/usage",
        layer="gate",
        signal="level",
        subject=subject,
        severity="critical",
        cause="data_fault",
        value=60.03,
        threshold=2.5,
        first_seen="2025-11",
        message=f"{subject}: typical size changed by x60 (minutes for hours, or seconds for minutes)",
        what_to_do=REPAIR,
    )


def alert(incident: str, **more: object) -> AlertShown:
    usual = {
        "incident": incident,
        "layer": "input",
        "signal": "drift",
        "subject": "score",
        "severity": "info",
        "state": "firing",
        "cause": "covariate",
        "value": 0.155,
        "threshold": 0.112,
        "first_seen": incident[:7],
        "effect_money": None,
        "message": "channel: moved by 0.155 against 2024-12; good months stay below 0.112",
        "what_to_do": LOOK,
    }
    return AlertShown(**(usual | more))


def trial() -> TrialShown:
    return TrialShown(
        judged_on="2025-07",
        action="retrain",
        champion="champion-1",
        challenger="challenger-2025-09",
        champion_log_loss=0.1416,
        challenger_log_loss=0.1327,
        champion_profit=404.1,
        challenger_profit=498.9,
        leaks=(),
        expected_gain=42.0,
        kept_loss=252.0,
        promoted=True,
    )
