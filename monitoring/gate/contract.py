"""What a table promises: learnt from good months, readable, and overridable by hand."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Self

from monitoring.columns import Kind
from monitoring.errors import MonitorError
from monitoring.season import Season
from monitoring.vocabulary import Plain


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnContract:
    """What one column promises. Shares are of rows, 0 to 1; pairs are the lowest and highest reference month.

    `stored` is the family of types the cells came in. `span` is the robust range of a number, `largest` its
    largest absolute value, `negatives` the highest share below zero; `level` is the median of its absolute values
    other than zero, `quarters` are their quartiles, and `slice_levels` the level within each (slice column, slice).
    `slice_nulls` are the empty cells by slice. `spikes` are the commonest exact values of a number with their
    shares; any other value had at most the share `unlisted`, `spike_rise` is the most by which an exact value
    became commoner than in all months before, and `latest` the commonest values of the newest month with their
    shares. `usual_labels` are the labels that no month lacked, with mean shares and mean rows; `hours` is the
    highest share of each hour of the day. `unchanged` is the highest agreement beyond chance (Cohen's kappa) with
    the same keys a month before, `steady` the lowest, and `follows` the lowest rank correlation. `weight` is the
    share of the model's use that hangs on the column; 0 turns its alarms into notes. `alone` are the rows of the only
    good month, 0 where there were several. None means that nothing is promised.
    """

    name: str
    kind: Kind
    required: bool = True
    weight: float = 1.0
    nulls: tuple[float, float] = (0.0, 1.0)
    infinite: float = 0.0
    stored: str | None = None
    labels: tuple[str, ...] | None = None
    usual_labels: tuple[tuple[str, float, float], ...] = ()
    span: tuple[float, float] | None = None
    largest: float | None = None
    negatives: float = 0.0
    level: tuple[float, float] | None = None
    quarters: tuple[tuple[float, float], tuple[float, float]] | None = None
    slice_levels: tuple[tuple[str, str, float, float], ...] = ()
    slice_nulls: tuple[tuple[str, str, float, float], ...] = ()
    spikes: tuple[tuple[float, float, float], ...] = ()
    unlisted: float = 0.0
    spike_rise: float = 0.0
    latest: tuple[tuple[float, float], ...] = ()
    hours: tuple[float, ...] = ()
    unchanged: float | None = None
    steady: float | None = None
    follows: float | None = None
    alone: int = 0

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """Read back one column of what `TableContract.to_plain` gave."""
        return cls(**({name: _frozen(value) for name, value in plain.items()} | {"kind": Kind(plain["kind"])}))


@dataclass(frozen=True, kw_only=True, slots=True)
class TableContract:
    """What one table promises: columns, key, size with its season, freshness, and change between deliveries.

    `log_rows` is the season of the natural logarithm of the row count. `gap_days` is the longest time seen
    between the newest event and the cutoff; `lag_days` the longest median wait from event to arrival.
    `slice_lags` are the same within each (slice column, slice), and `future` is the highest share of rows after the
    cutoff. `duplicates` and `repeated` are the highest shares seen of rows that repeat a key, and of keys that the
    previous delivery already held. `weight` is 0 where nothing hangs on any column.
    """

    name: str
    columns: tuple[ColumnContract, ...]
    key: tuple[str, ...] = ()
    slices: tuple[str, ...] = ()
    event_at: str | None = None
    available_at: str | None = None
    log_rows: Season | None = None
    gap_days: float | None = None
    lag_days: float | None = None
    slice_lags: tuple[tuple[str, str, float], ...] = ()
    future: float = 0.0
    weight: float = 1.0
    duplicates: float = 0.0
    repeated: float | None = None

    def column(self, name: str) -> ColumnContract:
        """Return the promise of one column."""
        for column in self.columns:
            if column.name == name:
                return column
        raise MonitorError(f'Table "{self.name}" has no column "{name}" in its contract. It has: {self.names}.')

    @property
    def alone(self) -> int:
        """The rows of the only good month, 0 where there were several."""
        return max((column.alone for column in self.columns), default=0)

    @property
    def names(self) -> tuple[str, ...]:
        """The column names, in order."""
        return tuple(column.name for column in self.columns)

    def override(self, column: str, **changes: Any) -> Self:  # noqa: ANN401 - any field of ColumnContract
        """Return the contract with some promises of one column written by hand."""
        changed = replace(self.column(column), **changes)
        return replace(self, columns=tuple(changed if old.name == column else old for old in self.columns))

    def to_plain(self) -> Plain:
        """Return a dictionary for canonical JSON."""
        plain: Plain = asdict(self)
        return plain | {"columns": [column | {"kind": str(column["kind"])} for column in plain["columns"]]}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """Read back what `to_plain` gave, also after a trip through JSON."""
        known = {field.name: _frozen(plain[field.name]) for field in fields(cls)}
        season = plain["log_rows"]
        return cls(
            **known
            | {
                "columns": tuple(ColumnContract.from_plain(column) for column in plain["columns"]),
                "log_rows": Season(**{name: _frozen(value) for name, value in season.items()}) if season else None,
            }
        )


def _frozen(value: Any) -> Any:  # noqa: ANN401 - any plain value
    """Return lists as tuples, all the way down."""
    return tuple(_frozen(part) for part in value) if isinstance(value, list | tuple) else value
