"""What can happen in a case: levers and faults, the doses that are drawn, and where each of them shows."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pipelines.features import FEATURES, SOURCES
from pipelines.replay.policy import Action
from scenarios.drift.exam.codes import CONCEPT, COVARIATE, DATA_FAULT, LABEL_SHIFT


class Family(StrEnum):
    """Kinds of events. The first three hurt the model."""

    CONCEPT = "concept"
    LABEL = "label"
    FAULT = "fault"
    HARMLESS = "harmless"


MECHANISM: Final = {
    Family.CONCEPT: CONCEPT,
    Family.LABEL: LABEL_SHIFT,
    Family.FAULT: DATA_FAULT,
    Family.HARMLESS: COVARIATE,
}
"""The word of the brief for each family."""

RIGHT_ACTION: Final = {
    Family.CONCEPT: Action.RETRAIN,
    Family.LABEL: Action.RECALIBRATE,
    Family.FAULT: Action.REPAIR,
    Family.HARMLESS: Action.KEEP,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Possible:
    """An event that can be drawn, by the name of its lever or fault.

    `doses` is from the weakest to the strongest that is drawn, in the unit of the lever or fault; `places` are
    features, tables and segments an answer may name for it (a fault's features are found by comparing inputs). Those
    that are not `shown` come in hidden years only: an index of each input does not see them.
    """

    name: str
    family: Family
    doses: tuple[float, float]
    places: tuple[str, ...] = ()
    shown: bool = True


_TERMS: Final = ("discount_pct", "months_to_discount_end", "net_price", "attribute_history")


def _made_from(table: str) -> tuple[str, ...]:
    return (table, *(name for name in FEATURES if SOURCES[name] == table))


# New customers are also those with fewer than twelve weeks of use and a trend from nothing: the same people by another
# name, which an answer may give as well.
HARMFUL: Final = (
    Possible(
        name="competitor_launch",
        family=Family.CONCEPT,
        doses=(1.2, 1.8),
        places=("plan", "contract", "net_price", "plan=plus", "plan=pro", "contract=monthly", "attribute_history"),
    ),
    Possible(name="local_rival", family=Family.CONCEPT, doses=(1.5, 2.2), places=("region", "region=APAC")),
    Possible(
        name="onboarding_broken",
        family=Family.CONCEPT,
        doses=(1.2, 2.0),
        places=("tenure_months", "active_weeks_12w", "sessions_trend"),
    ),
    Possible(name="support_cut", family=Family.CONCEPT, doses=(1.3, 2.0), places=_made_from("tickets")),
    Possible(name="discount_cliff", family=Family.CONCEPT, doses=(2.8, 4.0), places=_TERMS, shown=False),
    Possible(name="macro_shock", family=Family.LABEL, doses=(0.7, 1.0)),
    Possible(name="missing_partition", family=Family.FAULT, doses=(0.15, 0.3)),
    Possible(name="truncation", family=Family.FAULT, doses=(0.3, 0.5)),
    Possible(name="stale_feed", family=Family.FAULT, doses=(0.9, 1.0), shown=False),
    Possible(name="null_to_default", family=Family.FAULT, doses=(0.2, 0.35)),
    Possible(name="dropped_field", family=Family.FAULT, doses=(0.6, 1.0)),
    Possible(name="swapped_columns", family=Family.FAULT, doses=(0.9, 1.0)),
    Possible(name="wrong_customer", family=Family.FAULT, doses=(0.8, 1.0), shown=False),
    Possible(name="fan_out", family=Family.FAULT, doses=(1.5, 3.0)),
    Possible(name="lost_payments", family=Family.FAULT, doses=(0.25, 0.4), shown=False),
    Possible(name="renamed_category", family=Family.FAULT, doses=(0.05, 0.1), shown=False),
)
"""Events that cost money."""

_USAGE: Final = _made_from("usage")

HERRINGS: Final = (
    Possible(name="seasonal_swing", family=Family.HARMLESS, doses=(0.5, 1.0), places=_USAGE),
    Possible(name="channel_mix", family=Family.HARMLESS, doses=(0.2, 0.3), places=("channel", "customers", *_TERMS)),
    Possible(name="sale_quarters", family=Family.HARMLESS, doses=(0.15, 0.3), places=("channel", "customers", *_TERMS)),
    Possible(name="region_expansion", family=Family.HARMLESS, doses=(0.3, 0.6), places=("region", "customers")),
    Possible(name="app_migration", family=Family.HARMLESS, doses=(0.6, 0.9), places=("platform", "customers", *_USAGE)),
    Possible(
        name="contract_policy",
        family=Family.HARMLESS,
        doses=(0.6, 0.9),
        places=("contract", "months_to_contract_end", "auto_renew", "attribute_history"),
    ),
    Possible(name="usage_surge", family=Family.HARMLESS, doses=(0.3, 0.5), places=_USAGE),
)
"""Events that show in the inputs and cost the model nothing."""


def of_family(family: Family, *, hidden: bool) -> tuple[Possible, ...]:
    """The harmful events of a family: all of them for hidden years, those that are shown for the candidate's own."""
    return tuple(one for one in HARMFUL if one.family is family and (hidden or one.shown))
