"""How long a case is, and how large: history before the model goes live, and the year it is watched."""

from typing import Final

HISTORY: Final = 18
"""Months before the model goes live; the first of them fill the feature windows."""

YEAR: Final = 12
"""Months that are handed out one by one."""

NOW: Final = 3
"""The newest months, over which an answer's figures are asked for."""

CUSTOMERS: Final = 8_000

HIDDEN_YEAR: Final = 9
"""Months of a hidden world: events come early, so that what is done about them can still pay."""

HIDDEN_CUSTOMERS: Final = 4_000
"""Large enough for labels to show harm of the doses used here in time, small enough to grade a monitor in a minute."""

BURN_IN: Final = 24
