"""The words an answer may use: what can be wrong with a table, a label or the dictionary."""

from typing import Final

DUPLICATES: Final = "duplicate rows"
MISSING_ROWS: Final = "missing rows"
LATE_ROWS: Final = "rows that arrive late"
STALE: Final = "old rows served again"
MISSING_VALUES: Final = "missing values"
DEFAULT: Final = "default for missing"
SENTINEL: Final = "sentinel value"
CUT_OFF: Final = "values cut off"
UNIT: Final = "unit or currency"
SWAPPED: Final = "columns swapped"
REDEFINED: Final = "other definition"
RENAMED: Final = "renamed category"
TIME_ZONE: Final = "time zone"
WRONG_KEY: Final = "wrong customer"
TEST_ACCOUNTS: Final = "test accounts"
DICTIONARY: Final = "dictionary is wrong"
MIGRATION: Final = "migration booked as churn"
RETURN: Final = "return booked as churn"
PAUSE: Final = "pause or plan change booked as churn"
BACKFILL: Final = "churn booked too late"

LABEL_CODES: Final = (MIGRATION, RETURN, PAUSE, BACKFILL)
"""Mechanisms that make labels wrong."""

CODES: Final = (
    DUPLICATES,
    MISSING_ROWS,
    LATE_ROWS,
    STALE,
    MISSING_VALUES,
    DEFAULT,
    SENTINEL,
    CUT_OFF,
    UNIT,
    SWAPPED,
    REDEFINED,
    RENAMED,
    TIME_ZONE,
    WRONG_KEY,
    TEST_ACCOUNTS,
    DICTIONARY,
    *LABEL_CODES,
)
"""Every mechanism of the brief."""

DICTIONARY_PLACE: Final = "data_dictionary."
"""Before a table and a column: what the dictionary says of it (``data_dictionary.usage.sessions``)."""
