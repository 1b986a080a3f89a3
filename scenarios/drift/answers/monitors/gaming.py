"""Alarm always, about everything, and retrain."""


def decide(month, reference, history):
    """Whatever happens, it was said."""
    return [f"{name} has drifted" for name in reference.weights], "retrain"
