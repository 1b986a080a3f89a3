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

UNSEEN_MARGIN = 0.002
"""Share of rows that may carry a label never seen before: typing errors and early roll-outs."""

UNSEEN_BREAK = 0.02
"""Beyond this share of rows with unseen labels the model meets categories it cannot know."""

RANGE_MARGIN = 0.005
"""Share of rows that may lie outside the widened reference range."""

RANGE_PAD = 0.5
"""The reference range is widened at both ends by this share of its width."""

RANGE_BREAK = 0.05
"""Beyond this share of rows out of range the column has changed its meaning."""

LEVEL_FACTOR = 2.5
"""A median may grow or shrink by this factor before it is worth a word."""

LEVEL_BREAK = 5.0
"""From this factor on, or at a factor known from units and windows, a median has changed its meaning; below it, who the
customers are may have changed."""

SPIKE_MARGIN = 0.05
"""Share of rows by which one exact value may become commoner than in any reference month."""

SPIKE_FACTOR = 1.25
"""One exact value may become commoner by this many times the largest rise between good months (a new price)."""

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

REPEATED_MARGIN = 0.10
"""Share of keys that may already be in the previous delivery, beyond the reference."""


def share_limit(highest: float, margin: float, rows: int) -> float:
    """Return the largest share that passes: the reference's highest, a margin, and the chance of the draw.

    >>> round(share_limit(0.10, 0.02, 900), 3)
    0.15
    """
    return highest + margin + NOISE_WIDTHS * _standard_error(highest, rows)


def share_floor(lowest: float, margin: float, rows: int) -> float:
    """Return the smallest share that passes, never below 0."""
    return max(lowest - margin - NOISE_WIDTHS * _standard_error(lowest, rows), 0.0)


def _standard_error(share: float, rows: int) -> float:
    return float(np.sqrt(share * (1.0 - share) / max(rows, 1)))
