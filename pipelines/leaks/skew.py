"""Training-serving skew: features are right offline, and the scoring job sends something else."""

from typing import Final

from pipelines.leaks import serving
from pipelines.leaks.leak import Family, ServingSkew

_USED = ("sessions_28d", "sessions_before", "usage_weeks_84d", "days_since_use", "minutes_per_session", "features_used")

SECONDS: Final = ServingSkew(
    name="seconds",
    family=Family.SKEW,
    title="The app reports seconds where training read minutes.",
    unit="share of app users",
    dose=1.0,
    most=1.0,
    tier="plain",
    columns=("minutes_per_session",),
    send=serving.seconds,
    moves="level",
)

PRICE_UNIT: Final = ServingSkew(
    name="price_unit",
    family=Family.SKEW,
    title="Prices are served in units of the currency where training read cents.",
    unit="share of customers",
    dose=1.0,
    most=1.0,
    tier="plain",
    columns=("list_price",),
    send=serving.cents,
    moves="nothing",
)

ZERO_FOR_MISSING: Final = ServingSkew(
    name="zero_for_missing",
    family=Family.SKEW,
    title="Missing values are served as 0.",
    unit="share of customers",
    dose=1.0,
    most=1.0,
    tier="plain",
    columns=("contract_days_left", "discount_days_left", "last_satisfaction"),
    send=serving.filled_with_zero,
    moves="level",
)

STALE_STORE: Final = ServingSkew(
    name="stale_store",
    family=Family.SKEW,
    title="The feature store serves usage that is weeks old.",
    unit="days of age",
    dose=31.0,
    most=93.0,
    tier="plain",
    columns=_USED,
    send=serving.stale,
    moves="ranking",
)

LAST_DAYS_MISSING: Final = ServingSkew(
    name="last_days_missing",
    family=Family.SKEW,
    title="The job runs before the last days of usage are loaded.",
    unit="days not loaded",
    dose=8.0,
    most=28.0,
    tier="plain",
    columns=_USED,
    send=serving.not_ingested,
    moves="level",
)

DOUBLED_EVENTS: Final = ServingSkew(
    name="doubled_events",
    family=Family.SKEW,
    title="Repeated deliveries of usage are counted twice.",
    unit="share of usage rows",
    dose=0.4,
    most=1.0,
    tier="plain",
    columns=_USED,
    send=serving.doubled,
    moves="level",
)

CODES_PER_BATCH: Final = ServingSkew(
    name="codes_per_batch",
    family=Family.SKEW,
    title="Category codes are numbered anew in each batch.",
    unit="0: the training's codes, 1: the batch's own",
    dose=1.0,
    most=1.0,
    tier="subtle",
    columns=("contract", "plan", "region"),
    send=serving.recoded,
    moves="nothing",
)

SWAPPED_COLUMNS: Final = ServingSkew(
    name="swapped_columns",
    family=Family.SKEW,
    title="Two columns change places on the way to the model.",
    unit="share of customers",
    dose=1.0,
    most=1.0,
    tier="plain",
    columns=("tickets_90d", "usage_weeks_84d"),
    send=serving.swapped,
    moves="level",
)

TIMEOUTS: Final = ServingSkew(
    name="timeouts",
    family=Family.SKEW,
    title="Look-ups that time out are answered with 0.",
    unit="share of customers",
    dose=0.2,
    most=1.0,
    tier="plain",
    columns=_USED,
    send=serving.timed_out,
    moves="ranking",
)

KEY_CUT: Final = ServingSkew(
    name="key_cut",
    family=Family.SKEW,
    title="Long customer ids are cut, so that their usage is not found.",
    unit="share of customers served by the old connector",
    dose=0.45,
    most=1.0,
    tier="plain",
    columns=_USED,
    send=serving.key_cut,
    moves="ranking",
)

FROZEN_AGE: Final = ServingSkew(
    name="frozen_age",
    family=Family.SKEW,
    title="Tenure and days to dates were computed once, when the model went live.",
    unit="0: at each cutoff, 1: once",
    dose=1.0,
    most=1.0,
    tier="plain",
    columns=("tenure_days", "contract_days_left", "discount_days_left"),
    send=serving.frozen,
    moves="ranking",
)

SHOUTED_TEXT: Final = ServingSkew(
    name="shouted_text",
    family=Family.SKEW,
    title="Text arrives in capitals, which training never saw.",
    unit="share of customers",
    dose=1.0,
    most=1.0,
    tier="plain",
    columns=("channel", "contract"),
    send=serving.shouted,
    moves="level",
)

SKEW: Final = (
    SECONDS,
    PRICE_UNIT,
    ZERO_FOR_MISSING,
    STALE_STORE,
    LAST_DAYS_MISSING,
    DOUBLED_EVENTS,
    CODES_PER_BATCH,
    SWAPPED_COLUMNS,
    TIMEOUTS,
    KEY_CUT,
    FROZEN_AGE,
    SHOUTED_TEXT,
)
