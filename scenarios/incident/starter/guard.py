"""A guard that says nothing. BRIEF.md says what `check` is given; it is run on months that you have not seen."""


def check(month_tables, history):
    """Return what is wrong with a month as a list of short texts; an empty list lets the offers go out."""
    return []
