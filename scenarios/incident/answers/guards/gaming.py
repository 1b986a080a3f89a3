"""Always alarms."""


def check(month_tables, history):
    """Whatever it is."""
    return ["look at this month"]
