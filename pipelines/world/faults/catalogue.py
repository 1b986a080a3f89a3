"""All faults, in the order in which they are taught, and the way to find one by name."""

from typing import Final

from pipelines.catalogue import by_name
from pipelines.world.faults import (
    cents_to_units,
    clipped_values,
    currency_mixup,
    dropped_field,
    duplicates,
    fan_out,
    gateway_echo,
    immature_labels,
    label_definition,
    late_rows,
    lost_contacts,
    lost_payments,
    missing_partition,
    null_to_default,
    redefined_window,
    renamed_category,
    renamed_contract,
    renamed_region,
    sentinel_values,
    severity_default,
    stale_feed,
    swapped_columns,
    test_accounts,
    time_zone_shift,
    truncation,
    type_change,
    unit_change,
    wrong_customer,
)
from pipelines.world.faults.fault import Fault, PulledFault

FAULTS: Final[tuple[Fault, ...]] = (
    unit_change.FAULT,
    cents_to_units.FAULT,
    currency_mixup.FAULT,
    null_to_default.FAULT,
    severity_default.FAULT,
    sentinel_values.FAULT,
    clipped_values.FAULT,
    dropped_field.FAULT,
    type_change.FAULT,
    renamed_category.FAULT,
    renamed_region.FAULT,
    renamed_contract.FAULT,
    redefined_window.FAULT,
    swapped_columns.FAULT,
    wrong_customer.FAULT,
    duplicates.FAULT,
    fan_out.FAULT,
    gateway_echo.FAULT,
    stale_feed.FAULT,
    late_rows.FAULT,
    truncation.FAULT,
    missing_partition.FAULT,
    lost_payments.FAULT,
    lost_contacts.FAULT,
    time_zone_shift.FAULT,
    test_accounts.FAULT,
    label_definition.FAULT,
    immature_labels.FAULT,
)


def fault(name: str) -> Fault:
    """The fault called `name`. Raises LabError with the nearest name and the whole list."""
    return by_name(FAULTS, name, "fault")


def pulled(name: str, *, start: int, until: int | None = None, dose: float | None = None) -> PulledFault:
    """A fault by name at its usual dose unless told otherwise, from month index `start` to `until` (None: it stays)."""
    chosen = fault(name)
    return PulledFault(fault=chosen, dose=chosen.dose if dose is None else dose, start=start, until=until)
