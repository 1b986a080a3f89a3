"""Empty cells: more than ever, or fewer, as after filling with a default; and what the mix of rows explains."""

from monitoring.gate import limits
from monitoring.gate.contract import ColumnContract, TableContract
from monitoring.gate.profile import slice_nulls
from monitoring.gate.reading import ReadTable
from monitoring.gate.voice import Voice
from monitoring.vocabulary import Measurement

_METHOD = "share of rows against the reference months' range"


def check_nulls(contract: TableContract, column: ColumnContract, table: ReadTable, voice: Voice) -> list[Measurement]:
    """Return whether the column has more or fewer empty cells than its rows ever had.

    Where another label column says which cells are empty (a reason is given for ends only), and its labels are as
    empty as ever, more or fewer empty cells are no break: other rows came.
    """
    share = table[column.name].empty_share
    shares = (share, *_mixed(contract, column, table, share))
    return [_more(column, shares, len(table), voice), *_fewer(column, shares, len(table), voice)]


def _mixed(contract: TableContract, column: ColumnContract, table: ReadTable, share: float) -> tuple[float, float]:
    """Return the lowest and highest share of empty cells: of the reference, or what the rows' mix explains of it."""
    low, high = column.nulls
    if low - limits.NULL_MARGIN <= share <= high + limits.NULL_MARGIN or not column.slice_nulls:
        return low, high
    promised = {(by, label): (least, most) for by, label, least, most in column.slice_nulls}
    found = slice_nulls(table, column.name, contract.slices)
    explained = [(low, high)]
    for by in {by for by, _, _, _ in column.slice_nulls}:
        mine = {label: of for (at, label), of in found.items() if at == by}
        bands = [(promised.get((by, label), (0.0, 0.0)), rows) for label, (_, rows) in mine.items()]
        explained.append(tuple(sum(band[end] * rows for band, rows in bands) for end in (0, 1)))  # type: ignore[arg-type]
    fits = [band for band in explained if band[0] - limits.MIX_MARGIN <= share <= band[1] + limits.MIX_MARGIN]
    return fits[0] if fits else (low, high)


def _more(column: ColumnContract, shares: tuple[float, float, float], rows: int, voice: Voice) -> Measurement:
    share, low, high = shares
    limit = limits.share_limit(high, max(limits.NULL_MARGIN, high - low), rows, known=column.alone)
    return voice.say(
        "null_share",
        share,
        limit,
        unit="share of rows",
        method=_METHOD,
        hard=share > high + max(limits.NULL_BREAK, high - low) or share == 1.0,
        note=f"{share:.1%} of cells are empty, at most {high:.1%} in the reference",
        column=column,
    )


def _fewer(column: ColumnContract, shares: tuple[float, float, float], rows: int, voice: Voice) -> list[Measurement]:
    share, low, _ = shares
    floor = limits.share_floor(low, max(limits.NULL_MARGIN, limits.NULLS_GONE_SHARE * low), rows, known=column.alone)
    if share >= floor:
        return []
    return [
        voice.say(
            "nulls_gone",
            share,
            floor,
            unit="share of rows",
            method=_METHOD,
            alarm=True,
            hard=share < low - max(limits.NULL_BREAK, limits.NULLS_GONE_BREAK * low),
            note=f"{share:.1%} of cells are empty, at least {low:.1%} in the reference: "
            "empty cells may have been filled with a default",
            column=column,
        )
    ]
