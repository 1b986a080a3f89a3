"""How long a case is and how large, and which of its months are which."""

from typing import Final

HISTORY: Final = 14
"""Months before the model goes live; the first of them fill the feature windows."""

RUNS: Final = 9
"""Monthly runs with the live model that are handed out."""

CUSTOMERS: Final = 3_000

HIDDEN_CUSTOMERS: Final = 1_500
"""Customers of the hidden company on which guards are replayed: enough to show every incident, quick to run."""

BURN_IN: Final = 24

RECALIBRATED: Final = 4
"""The run (0 is the first live one) before which the model is recalibrated on the newest labelled cohorts."""

COHORTS: Final = 3
"""Landed cohorts that the recalibration rests on."""

STARTS: Final = (3, 6)
"""Runs in which an incident may begin: no cohort it spoils is old enough for the recalibration to learn from."""
