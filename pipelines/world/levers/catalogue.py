"""All levers, in the order in which they are taught, and the way to find one by name."""

from typing import Final

from pipelines.catalogue import by_name
from pipelines.errors import LabError
from pipelines.world.levers import (
    app_migration,
    app_redesign,
    campaign_fatigue,
    channel_mix,
    competitor_launch,
    contract_policy,
    demand_cycle,
    discount_cliff,
    dunning_weakened,
    engagement_decoupling,
    local_rival,
    macro_shock,
    onboarding_broken,
    price_rise,
    processor_outage,
    quality_incident,
    region_expansion,
    retention_campaign,
    rival_base,
    sale_quarters,
    seasonal_swing,
    service_outage,
    slow_drift,
    support_cut,
    usage_surge,
)
from pipelines.world.levers.lever import Lever, PulledLever, Shape

LEVERS: Final[tuple[Lever, ...]] = (
    # inputs move, what they mean does not
    seasonal_swing.LEVER,
    channel_mix.LEVER,
    sale_quarters.LEVER,
    region_expansion.LEVER,
    app_migration.LEVER,
    contract_policy.LEVER,
    usage_surge.LEVER,
    service_outage.LEVER,
    quality_incident.LEVER,
    price_rise.LEVER,
    # what the inputs mean moves, the inputs do not
    competitor_launch.LEVER,
    local_rival.LEVER,
    macro_shock.LEVER,
    demand_cycle.LEVER,
    engagement_decoupling.LEVER,
    onboarding_broken.LEVER,
    support_cut.LEVER,
    discount_cliff.LEVER,
    dunning_weakened.LEVER,
    campaign_fatigue.LEVER,
    slow_drift.LEVER,
    # both
    app_redesign.LEVER,
    processor_outage.LEVER,
    retention_campaign.LEVER,
    rival_base.LEVER,
)


def lever(name: str) -> Lever:
    """The lever called `name`. Raises LabError with the nearest name and the whole list."""
    return by_name(LEVERS, name, "lever")


def pulled(name: str, *, start: int, dose: float | None = None, shape: Shape | str | None = None) -> PulledLever:
    """A lever by name at its usual dose and shape unless told otherwise, from month index `start` on."""
    chosen = lever(name)
    return PulledLever(
        lever=chosen,
        dose=chosen.dose if dose is None else dose,
        start=start,
        shape=chosen.shape if shape is None else _shape(shape),
    )


def _shape(name: str) -> Shape:
    shapes = [shape.value for shape in Shape]
    if name not in shapes:
        raise LabError(f"There is no shape '{name}'. Shapes: {', '.join(shapes)}.")
    return Shape(name)
