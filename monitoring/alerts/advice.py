"""What to do about each cause: the part of an alert people act on."""

from collections.abc import Mapping

from monitoring.vocabulary import Cause

ADVICE: Mapping[Cause, str] = {
    Cause.DATA_FAULT: "Do not retrain on this month. Find the feed that broke and have it repaired; until then fall "
    "back to the last good values or hold the campaign. Then score the month again.",
    Cause.COVARIATE: "Look at which customers came or went. No action while estimated and realised performance hold.",
    Cause.LABEL_SHIFT: "Recalibrate the scores to the new churn rate and move the threshold; a retrained model is "
    "not needed while the ranking holds.",
    Cause.CONCEPT: "Retrain on months after the change as their labels land, and let the challenger beat the model "
    "on the newest labelled month before it takes over. Until then treat scores with care.",
    Cause.LEAK_DIED: "Take out the feature that carried the answer and retrain: offline scores with it were never "
    "real. Audit the other features for the same path.",
    Cause.UNKNOWN: "Find out what changed that month before doing anything to the model.",
}
"""Cause to advice, one or two sentences each."""
