"""A monitor that does nothing. BRIEF.md says what `decide` is given; it is run on years that you have not seen."""


def decide(month, reference, history):
    """Return the alerts to raise (a list of short texts, each of which calls a person) and an action."""
    return [], "keep"
