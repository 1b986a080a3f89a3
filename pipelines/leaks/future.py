"""Future information: the right column, read later than it could have been."""

from typing import Final

from pipelines.leaks.definition import Definition
from pipelines.leaks.leak import ColumnLeak, Family
from pipelines.leaks.spoil import centred, instead, through, whatever_arrived

_TERMS = "attribute_history"
_READ_AT_EXTRACT = "0: as known at the cutoff, 1: as it stands at the extract"

USAGE_THROUGH: Final = ColumnLeak(
    name="usage_through",
    family=Family.FUTURE,
    title="The window of the usage ends days after the cutoff.",
    unit="days past the cutoff",
    dose=21.0,
    most=30.0,
    tier="plain",
    twin="sessions_28d",
    names=("sessions_4w", "visits_28d", "logins_4w"),
    clean=Definition(name="", table="usage", measure="sum", column="sessions", back_days=28),
    spoil=through,
)

RECENCY_AT_EXTRACT: Final = ColumnLeak(
    name="recency_at_extract",
    family=Family.FUTURE,
    title="The last use is the last one in the extract, not the last one before the cutoff.",
    unit="days past the cutoff",
    dose=400.0,
    most=400.0,
    tier="blatant",
    twin="days_since_use",
    names=("recency_days", "idle_days", "days_since_session"),
    clean=Definition(name="", table="usage", measure="days_since_last", back_days=84),
    spoil=through,
)

TENURE_TO_END: Final = ColumnLeak(
    name="tenure_to_end",
    family=Family.FUTURE,
    title="Tenure is a counter that stops when the customer leaves, read at the extract.",
    unit=_READ_AT_EXTRACT,
    dose=1.0,
    most=1.0,
    tier="plain",
    twin="tenure_days",
    names=("age_days", "membership_days", "days_on_book"),
    clean=Definition(name="", table="customers", measure="days_since_first"),
    spoil=instead(table="totals", measure="attribute", column="tenure_days"),
)

CONTRACT_END_MOVED: Final = ColumnLeak(
    name="contract_end_moved",
    family=Family.FUTURE,
    title="A termination moves the end of the contract to its own date, and the current table is joined.",
    unit=_READ_AT_EXTRACT,
    dose=1.0,
    most=1.0,
    tier="plain",
    twin="contract_days_left",
    names=("term_days_left", "commitment_days", "days_to_term_end"),
    clean=Definition(name="", table=_TERMS, measure="days_until", column="contract_ends_at"),
    spoil=instead(table="accounts"),
)

RENEWAL_OFF: Final = ColumnLeak(
    name="renewal_off",
    family=Family.FUTURE,
    title="Auto-renewal is switched off by the closing workflow, and the current table is joined.",
    unit=_READ_AT_EXTRACT,
    dose=1.0,
    most=1.0,
    tier="plain",
    twin="auto_renew",
    names=("renews", "renewal_flag", "rolling"),
    clean=Definition(name="", table=_TERMS, measure="attribute", column="auto_renew"),
    spoil=instead(table="accounts"),
)

DISCOUNT_CLEARED: Final = ColumnLeak(
    name="discount_cleared",
    family=Family.FUTURE,
    title="Discounts are set to 0 when an account is closed, and the current table is joined.",
    unit=_READ_AT_EXTRACT,
    dose=1.0,
    most=1.0,
    tier="subtle",
    twin="discount_pct",
    names=("rebate_pct", "price_cut_pct", "deal_pct"),
    clean=Definition(name="", table=_TERMS, measure="attribute", column="discount_pct"),
    spoil=instead(table="accounts"),
)

LAST_PAYMENT: Final = ColumnLeak(
    name="last_payment",
    family=Family.FUTURE,
    title="The last payment is the last one in a later extract, so that a negative age means: paid after the cutoff.",
    unit="days past the cutoff",
    dose=10.0,
    most=60.0,
    tier="plain",
    twin="days_since_paid",
    names=("payment_age_days", "days_from_payment", "last_payment_age"),
    clean=Definition(name="", table="payments", measure="days_since_last", where={"outcome": ("paid",)}, back_days=100),
    spoil=through,
)

CENTRED_MEAN: Final = ColumnLeak(
    name="centred_mean",
    family=Family.FUTURE,
    title="A smoothed series is centred on the cutoff, so that half of its window lies ahead.",
    unit="days either way",
    dose=21.0,
    most=30.0,
    tier="plain",
    names=("usage_smoothed", "weekly_use_smooth", "typical_week"),
    clean=Definition(name="", table="usage", measure="count", back_days=21),
    spoil=centred,
)

BACK_FILLED: Final = ColumnLeak(
    name="back_filled",
    family=Family.FUTURE,
    title="Missing survey answers are filled with the customer's next one.",
    unit="days past the cutoff",
    dose=90.0,
    most=400.0,
    tier="subtle",
    twin="last_satisfaction",
    names=("survey_score", "rating_latest", "csat"),
    clean=Definition(name="", table="tickets", measure="nearest", column="satisfaction", back_days=90),
    spoil=through,
)

INCLUSIVE_BOUND: Final = ColumnLeak(
    name="inclusive_bound",
    family=Family.FUTURE,
    title="The window includes the day of the cutoff, which has only begun.",
    unit="days past the cutoff",
    dose=1.0,
    most=3.0,
    tier="subtle",
    twin="tickets_90d",
    names=("cases_90d", "help_requests_90d", "questions_90d"),
    clean=Definition(name="", table="tickets", measure="count", where={"event": ("opened",)}, back_days=90),
    spoil=through,
)

LATE_ROWS: Final = ColumnLeak(
    name="late_rows",
    family=Family.FUTURE,
    title="Rows count by when they happened, although some had not arrived by the cutoff.",
    unit="0: what had arrived, 1: whatever arrived since",
    dose=1.0,
    most=1.0,
    tier="subtle",
    twin="sessions_28d",
    names=("sessions_month", "visits_month", "recent_sessions"),
    clean=Definition(name="", table="usage", measure="sum", column="sessions", back_days=28),
    spoil=whatever_arrived,
)

LAST_CHANGE: Final = ColumnLeak(
    name="last_change",
    family=Family.FUTURE,
    title="Changes are counted by the account's last-changed stamp, which the closing workflow writes too.",
    unit="days past the cutoff",
    dose=20.0,
    most=30.0,
    tier="plain",
    names=("recent_edits", "profile_edits_30d", "record_edits"),
    clean=Definition(name="", table=_TERMS, measure="count", back_days=30),
    spoil=lambda clean, dose: through(instead(table="accounts", at="updated_at")(clean, dose), dose),
)

PURGED_PROFILE: Final = ColumnLeak(
    name="purged_profile",
    family=Family.FUTURE,
    title="Some profiles are emptied after the account is closed, and the current table is joined.",
    unit=_READ_AT_EXTRACT,
    dose=1.0,
    most=1.0,
    tier="plain",
    twin="household_size",
    names=("people_in_home", "home_size", "members_in_home"),
    clean=Definition(name="", table="profiles", measure="attribute", column="household_size"),
    spoil=instead(table="accounts"),
)

FUTURE: Final = (
    RECENCY_AT_EXTRACT,
    TENURE_TO_END,
    RENEWAL_OFF,
    CONTRACT_END_MOVED,
    LAST_PAYMENT,
    PURGED_PROFILE,
    LAST_CHANGE,
    USAGE_THROUGH,
    CENTRED_MEAN,
    BACK_FILLED,
    DISCOUNT_CLEARED,
    INCLUSIVE_BOUND,
    LATE_ROWS,
)
