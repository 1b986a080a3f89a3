"""The level of a number, as a whole and slice by slice: changed units, windows and meanings."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from monitoring.gate import limits
from monitoring.gate.contract import ColumnContract, TableContract
from monitoring.gate.profile import slice_levels
from monitoring.gate.reading import ReadColumn, ReadTable
from monitoring.gate.units import Factor, unit_of
from monitoring.gate.voice import Voice
from monitoring.vocabulary import Measurement, Verdict

_METHOD = "ratio of medians (values other than zero) to the reference months' range"


@dataclass(frozen=True, kw_only=True, slots=True)
class Moved:
    """How far a level lies from the middle of its band: 1 inside it. `spread` is the band's half width as a factor.

    `whole` says whether the quartiles moved by the same factor, so that every value may have been multiplied.
    """

    ratio: float | None
    spread: float = 1.0
    whole: bool = True

    @property
    def size(self) -> float | None:
        """The ratio, or its inverse where that is larger."""
        return None if self.ratio is None else max(self.ratio, 1.0 / self.ratio)

    @property
    def limit(self) -> float:
        """The factor beyond which a move is worth a word: never less than good months differ among themselves.

        A counter such as "months since the last price rise" climbs until it is set back, and may climb higher.
        """
        return max(limits.LEVEL_FACTOR, self.spread**2)

    @property
    def unit(self) -> Factor | None:
        """The known factor that fits closely, None where there is none or only some of the values moved."""
        return unit_of(self.ratio, self.spread) if self.ratio is not None and self.whole else None


def check_level(contract: TableContract, column: ColumnContract, table: ReadTable, voice: Voice) -> Measurement:
    """Return the change of the column's level as a whole."""
    told = _told(column, "", _moved(column, table[column.name]), voice, hard_from=_break_of(column))
    other = _changed_places(contract, column, table) if told.verdict is Verdict.ALARM else None
    if other is None:
        return told
    return replace(told, hard=True, note=f"holds what {other} should, and the other way round: changed places?")


def _changed_places(contract: TableContract, column: ColumnContract, table: ReadTable) -> str | None:
    """Return the number column that has the level this one should have, and the other way round."""
    for other in contract.columns:
        if other.level and other.name != column.name and other.name in table and column.level:
            levels = [table[name].level for name in (column.name, other.name)]
            bands = (other.level, column.level)
            if all(_near(level, band) for level, band in zip(levels, bands, strict=True)):
                return other.name
    return None


def _near(level: float | None, band: tuple[float, float]) -> bool:
    size = against(level, band).size
    return size is not None and size <= limits.WHOLE_FACTOR


def _moved(column: ColumnContract, read: ReadColumn) -> Moved:
    found = against(read.level, column.level)
    return replace(found, whole=_is_whole(found, read.quarters, column.quarters))


def against(level: float | None, band: tuple[float, float] | None) -> Moved:
    """Return how far a level lies from its band. The middle is geometric: half and double are equally far."""
    if level is None or band is None or min(level, *band) <= 0.0:
        return Moved(ratio=None)
    low, high = band
    ratio = 1.0 if low <= level <= high else level / math.sqrt(low * high)
    return Moved(ratio=ratio, spread=math.sqrt(high / low))


def _is_whole(
    found: Moved,
    quarters: tuple[float, float] | None,
    bands: tuple[tuple[float, float], tuple[float, float]] | None,
) -> bool:
    if found.ratio is None or quarters is None or bands is None:
        return True
    ends = [against(value, band) for value, band in zip(quarters, bands, strict=True)]
    off = [abs(math.log(end.ratio / found.ratio)) for end in ends if end.ratio is not None]
    room = math.log(limits.WHOLE_FACTOR * found.spread)
    return all(distance <= room for distance in off)


def _break_of(column: ColumnContract) -> float:
    """Return the factor from which on a level has changed its meaning; a column that never varied has none."""
    return limits.LEVEL_BREAK if varied(column) else math.inf


def varied(column: ColumnContract) -> bool:
    """Return whether the reference showed what the column can do."""
    if column.span is None:
        return True
    low, high = column.span
    return high - low >= limits.VARIED * max(abs(low), abs(high))


def _told(column: ColumnContract, segment: str, found: Moved, voice: Voice, *, hard_from: float) -> Measurement:
    size = found.size
    alarm = size is not None and size > found.limit
    return voice.say(
        "level",
        size,
        found.limit,
        unit="ratio",
        method=_METHOD,
        column=column,
        segment=segment,
        hard=size is not None and alarm and (size >= hard_from or found.unit is not None),
        note=_words(found) if alarm else "",
    )


def _words(found: Moved) -> str:
    if found.unit is not None:
        return f"typical size changed by {found.unit}"
    part = "" if found.whole else ", some of the values more than others"
    return f"typical size changed by x{found.ratio:.3g}{part}"


def check_slices(contract: TableContract, table: ReadTable, voice: Voice) -> list[Measurement]:
    """Return the changes of level within slices, of columns whose values did not all change alike."""
    numbers = [one for one in contract.columns if one.slice_levels and one.name in table]
    found = {one.name: slice_levels(table, one.name, contract.slices) for one in numbers}
    return [part for one in numbers if not _whole_changed(one, table) for part in _slices(one, found[one.name], voice)]


def _whole_changed(column: ColumnContract, table: ReadTable) -> bool:
    """Return whether every value seems to have been multiplied, so that slices have nothing to add."""
    found = _moved(column, table[column.name])
    return found.size is not None and found.size > found.limit and found.whole


def _slices(column: ColumnContract, found: Mapping[tuple[str, str], float], voice: Voice) -> list[Measurement]:
    """Return the changed slices of the one slice column that separates them best from slices that did not change.

    That is the column whose loudest slice comes nearest to a known factor, else the one with the loudest change,
    among those with quiet slices left; where every slice of every column has changed, the single loudest slice
    stands for all.
    """
    told: dict[str, list[Measurement]] = {}
    units: dict[str, bool] = {}
    for name, label, low, high in column.slice_levels:
        if (name, label) in found:
            moved = against(found[name, label], (low, high))
            one = _told(column, f"{name}={label}", moved, voice, hard_from=_break_of(column))
            told.setdefault(name, []).append(one)
            units[name] = units.get(name, False) or (one.hard and moved.unit is not None)
    loud = {name: [one for one in of_name if one.hard] for name, of_name in told.items()}
    loudest = max((one for of_name in loud.values() for one in of_name), key=_size, default=None)
    parts = {name: of_name for name, of_name in loud.items() if 0 < len(of_name) < len(told[name])}
    if loudest is None or not parts:
        return [] if loudest is None else [loudest]
    best = max(parts, key=lambda name: (units[name], max(map(_size, parts[name]))))
    return parts[best]


def _size(one: Measurement) -> float:
    return one.value or 0.0
