"""The margins by which a month may go beyond the reference before the gate speaks."""

import numpy as np

NOISE_WIDTHS = 3.0
"""Standard errors allowed for the chance of the draw: one false alarm in about 750 checks of a pure share."""

NULL_MARGIN = 0.02
"""Share of rows by which the empty cells of a column may rise or fall beyond the reference months."""

NULL_BREAK = 0.10
"""A rise in empty cells beyond this share of rows makes scores untrustworthy."""

NULLS_GONE_SHARE = 0.15
"""Of its usual empty cells a column may lose this share: fewer customers without a contract end are customers, too."""

NULLS_GONE_BREAK = 0.50
"""Of its usual empty cells a column that has lost more than this share has been filled with a default."""

MIX_MARGIN = 0.02
"""Share of rows by which empty cells may exceed what the mix of the rows explains."""

UNSEEN_MARGIN = 0.002
"""Share of rows that may carry a label never seen before: typing errors and early roll-outs."""

UNSEEN_BREAK = 0.02
"""Beyond this share of rows with unseen labels the model meets categories it cannot know."""

GONE_CHANCE = 1e-4
"""A label counts as gone where so few rows are less likely than this even if it had become a part as common."""

GONE_PART = 0.5
"""A label of which not one row is left counts as gone even if it had become this part as common before."""

RARER_PART = 0.2
"""A label may become this part as common without a word: sales, migrations and rivals do as much."""

RANGE_MARGIN = 0.005
"""Share of rows that may lie outside the widened reference range."""

RANGE_PAD = 0.5
"""The reference range is widened at both ends by this share of its width."""

RANGE_BREAK = 0.05
"""Beyond this share of rows out of range the column has changed its meaning."""

VARIED = 0.5
"""A reference range narrower than this share of its largest value never showed what the column can do."""

NEGATIVE_MARGIN = 0.002
"""Share of values that may be negative beyond the reference."""

NEGATIVE_BREAK = 0.02
"""Beyond this share of negative values, where there were none, a sign has been turned round."""

ABSURD_FACTOR = 100.0
"""A value this many times as large as any in the reference is no measurement."""

LEVEL_FACTOR = 2.5
"""A median may grow or shrink by this factor before it is worth a word, and by as much as good months differ."""

LEVEL_BREAK = 5.0
"""From this factor on, or at a factor known from units and windows, a median has changed its meaning; below it, who the
customers are may have changed."""

WHOLE_FACTOR = 1.3
"""Quartiles that moved by the level's own factor, up to this one, moved with it: all values were multiplied."""

SPIKE_MARGIN = 0.05
"""Share of rows by which one exact value may become commoner than in any reference month."""

SPIKE_FACTOR = 1.25
"""One exact value may become commoner by this many times the largest rise between good months (a new price)."""

REPLACED_PART = 0.5
"""An exact value with less than this part of its former share has been replaced."""

REPLACED_FACTOR = 1.5
"""The value that takes the place of one that has gone may be this many times as common."""

SPIKE_BREAK = 0.20
"""A rise beyond this share of rows, of a value that was rare in the reference, means defaults, not customers."""

TAKEOVER_BREAK = 0.50
"""A usual value that gains more than this share of rows is no longer what it was."""

UNCHANGED_CEILING = 0.90
"""Columns that hardly change between good months cannot show that a feed stands still."""

DUPLICATE_MARGIN = 0.001
"""Share of rows that may repeat a key beyond the reference."""

DUPLICATE_BREAK = 0.01
"""Beyond this share of repeated keys, joins multiply rows."""

ROW_WIDTHS = 4.0
"""Standard errors around the expected row count."""

ROW_FLOOR = 0.025
"""Smallest standard error believed for a row count, as a share: with 4 of them, 10 % either way."""

ROW_BREAK = 0.25
"""A row count that falls short of the expectation by more than this share blocks scoring."""

GAP_FACTOR = 1.5
"""The newest event may be this many times as old as it ever was in the reference."""

GAP_MARGIN_DAYS = 1.0
"""Days allowed on top of that."""

LAG_FACTOR = 2.0
"""The median wait from event to arrival may be this many times the longest in the reference."""

LAG_MARGIN_DAYS = 0.5
"""Days allowed on top of that."""

LAG_BREAK_DAYS = 3.0
"""Rows that come this many days later than in any good month leave the newest days empty: scoring is blocked."""

FUTURE_MARGIN = 0.002
"""Share of rows that may lie after the cutoff beyond the reference: clocks that run fast."""

FUTURE_BREAK = 0.02
"""Beyond this share of rows after the cutoff, times are not what they were."""

HOUR_MARGIN = 0.05
"""Share of rows that may move to hours of the day that never held so many."""

HOUR_NOISE = 1.5
"""That share may be larger by this much over the root of the number of rows."""

STICKY = 0.50
"""Columns whose values follow those of the month before less closely than this cannot show a wrong pairing."""

PAIRING_FLOOR = 0.70
"""Of the closeness it always had, a column may keep this part from month to month."""

PAIRING_BREAK = 0.50
"""A column that keeps less than this part belongs to other rows than it did."""

ALIKE = 0.25
"""Distance of two months' distributions (0 to 1) from which on a column holds other values, not the same ones moved."""

BEFORE_MARGIN = 0.02
"""Share of newcomers' rows that may lie before their first day, beyond the reference."""

BEFORE_BREAK = 0.10
"""Beyond this share, rows belong to other customers than they say."""

REPEATED_MARGIN = 0.10
"""Share of keys that may already be in the previous delivery, beyond the reference."""


def share_limit(highest: float, margin: float, rows: int, *, known: int = 0) -> float:
    """Return the largest share that passes: the reference's highest, a margin, and the chance of the draw.

    `known` are the rows of the only good month: its share was drawn too, and is no more exact than the new one. The
    highest of several months (0) is taken for exact: it already strays upwards.

    >>> round(share_limit(0.10, 0.02, 900), 3), round(share_limit(0.10, 0.02, 900, known=900), 3)
    (0.15, 0.162)
    """
    return highest + margin + NOISE_WIDTHS * _standard_error(highest, rows, known)


def share_floor(lowest: float, margin: float, rows: int, *, known: int = 0) -> float:
    """Return the smallest share that passes, never below 0; `known` as for `share_limit`."""
    return max(lowest - margin - NOISE_WIDTHS * _standard_error(lowest, rows, known), 0.0)


def _standard_error(share: float, rows: int, known: int) -> float:
    part = min(max(share, 0.0), 1.0)
    drawn = 1.0 / max(rows, 1) + (1.0 / known if known else 0.0)
    return float(np.sqrt(part * (1.0 - part) * drawn))
