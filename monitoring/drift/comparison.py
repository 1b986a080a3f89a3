"""How two sketches of one column differ: how far, how surely, and how small a change could have been seen."""

from dataclasses import dataclass

import numpy as np

from monitoring.drift.grid import Grid
from monitoring.drift.ks_null import ks_p_value
from monitoring.drift.sketch import LabelSketch, NumberSketch, Sketch, usable
from monitoring.drift.statistics import chi_square, g_test, jensen_shannon, ks, psi, psi_p_value, wasserstein
from monitoring.errors import MonitorError

NUMBER_METHOD = "two-sample Kolmogorov-Smirnov"
"""How numbers are compared."""

LABEL_METHOD = "Jensen-Shannon distance with two-sample chi-square test"
"""How categories are compared."""

SEEN_IN = 0.8
"""A change is called visible when it alarms in this share of the months that have it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """How two sketches of a column differ: the effect (0 to 1), its p-value, and what else was computed."""

    method: str
    effect: float
    p_value: float
    details: tuple[tuple[str, float], ...] = ()


def compare(reference: Sketch, current: Sketch, grid: Grid | None = None) -> Comparison:
    """Return the difference of two sketches of one column, empty cells left aside; both need a usable value.

    With the grid of a number come more figures: PSI with its p-value and Jensen-Shannon distance over quantile
    bins, and the Wasserstein distance in robust standard deviations. None of them decides.
    """
    if isinstance(reference, NumberSketch) and isinstance(current, NumberSketch):
        return Comparison(
            method=NUMBER_METHOD,
            effect=ks(reference.counts, current.counts),
            p_value=ks_p_value(reference.counts, current.counts),
            details=() if grid is None else _further(reference, current, grid),
        )
    if isinstance(reference, LabelSketch) and isinstance(current, LabelSketch):
        return Comparison(
            method=LABEL_METHOD,
            effect=jensen_shannon(reference.counts, current.counts),
            p_value=chi_square(reference.counts, current.counts)[1],
            details=(
                ("psi", psi(reference.counts, current.counts)),
                ("g_test_p_value", g_test(reference.counts, current.counts)[1]),
            ),
        )
    raise MonitorError("A number can only be compared with a number, a category with a category.")


def _further(reference: NumberSketch, current: NumberSketch, grid: Grid) -> tuple[tuple[str, float], ...]:
    before, now = grid.binned(reference.counts), grid.binned(current.counts)
    return (
        ("psi_quantile_bins", psi(before, now)),
        ("psi_p_value", psi_p_value(before, now)),
        ("jensen_shannon_quantile_bins", jensen_shannon(before, now)),
        ("wasserstein_robust", wasserstein(reference.counts, current.counts, grid.values)),
    )


def effect(reference: Sketch, current: Sketch) -> float:
    """Return the effect of `compare` alone, 0 where either side is empty."""
    if not usable(reference) or not usable(current):
        return 0.0
    if isinstance(reference, NumberSketch) and isinstance(current, NumberSketch):
        return ks(reference.counts, current.counts)
    if isinstance(reference, LabelSketch) and isinstance(current, LabelSketch):
        return jensen_shannon(reference.counts, current.counts)
    raise MonitorError("A number can only be compared with a number, a category with a category.")


def smallest_visible(reference: Sketch, current: Sketch, *, limit: float, level: float) -> float:
    """Return the smallest true effect that alarms in four months of five, 0 to 1.

    Parameters
    ----------
    reference, current
        Two sketches of one column; only their sizes count.
    limit
        The largest effect that passes.
    level
        The p-value below which an effect is called significant.

    Notes
    -----
    For numbers the limit distribution of Kolmogorov (1933), without ties: a little too large where values tie.
    For categories the Jensen-Shannon divergence in bits is near chi-square x (1/n + 1/m) / (8 ln 2) (Lin 1991).
    """
    from scipy.special import chdtri, kolmogi, ndtri

    if not usable(reference) or not usable(current):
        return 1.0
    noise = 1.0 / usable(reference) + 1.0 / usable(current)
    if isinstance(reference, NumberSketch):
        significant, spread = float(kolmogi(level)) * np.sqrt(noise), 0.5 * np.sqrt(noise)
    else:
        levels = int(np.count_nonzero(reference.counts + current.counts))
        unit = noise / (8.0 * np.log(2.0))
        significant, spread = np.sqrt(float(chdtri(max(levels - 1, 1), level)) * unit), np.sqrt(unit)
    return float(min(max(limit, significant) + float(ndtri(SEEN_IN)) * spread, 1.0))


def visible_share(share: float, noise: float, *, limit: float, level: float) -> float:
    """Return the smallest true change of a share that alarms in four months of five, 0 to 1.

    `noise` is 1/n + 1/m for the rows of both sides; the rest is as for `smallest_visible`.
    """
    from scipy.special import ndtri

    higher = min(share + limit, 0.5) if share < 0.5 else share  # noqa: PLR2004 - where a share varies most
    spread = float(np.sqrt(higher * (1.0 - higher) * noise))
    significant = -float(ndtri(level / 2.0)) * spread
    return float(min(max(limit, significant) + float(ndtri(SEEN_IN)) * spread, 1.0))
