"""Exact values that pile up: defaults, zeros, sentinels, constants, caps."""

from monitoring.gate import limits
from monitoring.gate.contract import ColumnContract
from monitoring.gate.profile import NumberProfile
from monitoring.gate.voice import Voice
from monitoring.vocabulary import Measurement

_METHOD = "share of rows against the reference months' range"


def check_spikes(column: ColumnContract, found: NumberProfile, rows: int, voice: Voice) -> list[Measurement]:
    """Return the rise of the exact value that rose most."""
    rises = [(share - _highest(column, found, value), value, share) for value, share in found.spikes.items()]
    if not rises:
        return []
    rise, value, share = max(rises)
    high = share - rise
    low = next((low for spike, low, _ in column.spikes if spike == value), high)
    known = any(spike == value for spike, _, _ in column.spikes)
    margin = max(limits.SPIKE_MARGIN, high - low, limits.SPIKE_FACTOR * column.spike_rise)
    return [
        voice.say(
            "default_share",
            share,
            limits.share_limit(high, margin, rows, known=column.alone),
            unit="share of rows",
            method=_METHOD,
            hard=rise > (limits.TAKEOVER_BREAK if known else limits.SPIKE_BREAK),
            note=f"{share:.1%} of rows hold exactly {value:g}, at most {high:.1%} in the reference",
            column=column,
        )
    ]


def _highest(column: ColumnContract, found: NumberProfile, value: float) -> float:
    """Return the highest share that good months allow a value.

    A value that is new may take the place of one that has gone, as the new price of a plan does, and be as common
    as that one was. Defaults and sentinels take a little from every value instead.
    """
    known = next((high for spike, _, high in column.spikes if spike == value), None)
    if known is not None:
        return known
    return max([column.unlisted, *found.replaced(dict(column.latest))])
