"""The data faults a case draws from: where each shows, what it is called, how loud and how quiet it may be."""

from dataclasses import dataclass
from typing import Final

from pipelines.world.faults.catalogue import FAULTS, fault
from pipelines.world.faults.fault import Fault
from scenarios.features.exam import codes


@dataclass(frozen=True, kw_only=True, slots=True)
class Possible:
    """A fault that may be planted. `places` are right to name for it, the first one best.

    `group` keeps the mix of a case: values, rows, or other tables; two faults that share `excludes` never meet.
    `bad_months` is how many months it lasts, None for all from its start on.
    """

    name: str
    places: tuple[str, ...]
    mechanism: str
    loud: float
    quiet: float
    group: str
    excludes: str = ""
    bad_months: int | None = None

    @property
    def fault(self) -> Fault:
        """The fault of the world's bank."""
        return fault(self.name)


def _usage(*columns: str) -> tuple[str, ...]:
    return (*(f"usage.{column}" for column in columns), "usage")


VALUES, ROWS, OTHERS = "values", "rows", "others"

BANK: Final[tuple[Possible, ...]] = (
    Possible(
        name="unit_change",
        places=_usage("active_minutes"),
        mechanism=codes.UNIT,
        loud=1.0,
        quiet=0.15,
        group=VALUES,
    ),
    Possible(
        name="sentinel_values",
        places=_usage("sessions"),
        mechanism=codes.SENTINEL,
        loud=0.25,
        quiet=0.03,
        group=VALUES,
        excludes="top",
    ),
    Possible(
        name="clipped_values",
        places=_usage("sessions"),
        mechanism=codes.CUT_OFF,
        loud=0.3,
        quiet=0.12,
        group=VALUES,
        excludes="top",
    ),
    Possible(
        name="null_to_default",
        places=_usage("sessions", "active_minutes", "distinct_features"),
        mechanism=codes.DEFAULT,
        loud=0.25,
        quiet=0.04,
        group=VALUES,
    ),
    Possible(
        name="dropped_field",
        places=_usage("sessions", "active_minutes", "app_version"),
        mechanism=codes.MISSING_VALUES,
        loud=0.6,
        quiet=0.15,
        group=VALUES,
    ),
    Possible(
        name="swapped_columns",
        places=_usage("sessions", "active_minutes"),
        mechanism=codes.SWAPPED,
        loud=0.25,
        quiet=0.04,
        group=VALUES,
    ),
    Possible(
        name="redefined_window",
        places=_usage("sessions", "active_minutes"),
        mechanism=codes.REDEFINED,
        loud=0.6,
        quiet=0.3,
        group=VALUES,
    ),
    Possible(
        name="duplicates",
        places=("usage",),
        mechanism=codes.DUPLICATES,
        loud=1.0,
        quiet=0.15,
        group=ROWS,
    ),
    Possible(
        name="wrong_customer",
        places=_usage("customer_id", "platform"),
        mechanism=codes.WRONG_KEY,
        loud=0.35,
        quiet=0.12,
        group=ROWS,
        bad_months=4,
    ),
    Possible(
        name="stale_feed",
        places=_usage("sessions", "event_at"),
        mechanism=codes.STALE,
        loud=0.35,
        quiet=0.12,
        group=ROWS,
        bad_months=3,
    ),
    Possible(
        name="late_rows",
        places=_usage("available_at"),
        mechanism=codes.LATE_ROWS,
        loud=9.0,
        quiet=5.0,
        group=ROWS,
        bad_months=4,
    ),
    Possible(
        name="truncation",
        places=("usage",),
        mechanism=codes.MISSING_ROWS,
        loud=0.3,
        quiet=0.2,
        group=ROWS,
        excludes="gaps",
        bad_months=2,
    ),
    Possible(
        name="missing_partition",
        places=_usage("customer_id"),
        mechanism=codes.MISSING_ROWS,
        loud=0.2,
        quiet=0.06,
        group=ROWS,
        excludes="gaps",
        bad_months=3,
    ),
    Possible(
        name="time_zone_shift",
        places=_usage("event_at"),
        mechanism=codes.TIME_ZONE,
        loud=9.0,
        quiet=4.0,
        group=ROWS,
    ),
    Possible(
        name="fan_out",
        places=("tickets", "tickets.ticket_id"),
        mechanism=codes.DUPLICATES,
        loud=1.0,
        quiet=0.12,
        group=OTHERS,
    ),
    Possible(
        name="gateway_echo",
        places=("payments", "payments.outcome", "payments.attempt"),
        mechanism=codes.DUPLICATES,
        loud=1.0,
        quiet=0.15,
        group=OTHERS,
    ),
    Possible(
        name="cents_to_units",
        places=("invoices.amount_cents", "invoices"),
        mechanism=codes.UNIT,
        loud=1.0,
        quiet=0.2,
        group=OTHERS,
        excludes="money",
    ),
    Possible(
        name="currency_mixup",
        places=("invoices.amount_cents", "invoices.currency", "invoices"),
        mechanism=codes.UNIT,
        loud=1.0,
        quiet=0.25,
        group=OTHERS,
        excludes="money",
    ),
    Possible(
        name="severity_default",
        places=("tickets.severity", "tickets"),
        mechanism=codes.DEFAULT,
        loud=1.0,
        quiet=0.15,
        group=OTHERS,
    ),
    Possible(
        name="renamed_category",
        places=("payments.outcome", "payments"),
        mechanism=codes.RENAMED,
        loud=0.4,
        quiet=0.06,
        group=OTHERS,
    ),
    Possible(
        name="renamed_region",
        places=("customers.region", "customers"),
        mechanism=codes.RENAMED,
        loud=1.0,
        quiet=0.4,
        group=OTHERS,
    ),
    Possible(
        name="renamed_contract",
        places=("attribute_history.contract", "attribute_history"),
        mechanism=codes.RENAMED,
        loud=0.8,
        quiet=0.15,
        group=OTHERS,
    ),
    Possible(
        name="lost_payments",
        places=("payments", "payments.outcome"),
        mechanism=codes.MISSING_ROWS,
        loud=0.25,
        quiet=0.08,
        group=OTHERS,
    ),
    Possible(
        name="lost_contacts",
        places=("contacts",),
        mechanism=codes.MISSING_ROWS,
        loud=1.0,
        quiet=0.6,
        group=OTHERS,
        bad_months=3,
    ),
    Possible(
        name="test_accounts",
        places=("customers", "customers.customer_id"),
        mechanism=codes.TEST_ACCOUNTS,
        loud=0.02,
        quiet=0.006,
        group=OTHERS,
    ),
)
"""Every data fault of a case, written in no order that matters: they strike in the order of the world's bank."""


def in_order(chosen: tuple[Possible, ...]) -> tuple[Possible, ...]:
    """The chosen faults in the order in which they strike."""
    order = {one.name: place for place, one in enumerate(FAULTS)}
    return tuple(sorted(chosen, key=lambda one: order[one.name]))
