"""The audit as plain values for `audit.json`: dictionaries, lists, text, numbers, None for NaN."""

import math
from typing import Any

from monitoring.leakage.vocabulary import (
    Audit,
    Clue,
    ColumnFinding,
    LabelFindings,
    RowFindings,
    Score,
    ScoreBy,
    ServingFindings,
)

_DIGITS = 6


def to_plain(audit: Audit) -> dict[str, Any]:
    """Everything the audit found, ready for JSON."""
    return {
        "depth": audit.depth.value,
        "clean": audit.clean,
        "rows_given": audit.rows_given,
        "sampled": audit.sampled,
        "columns": [_column(one) for one in audit.columns],
        "scores": {one.split: _score_by(one) for one in audit.scores},
        "rows": _rows(audit.rows),
        "labels": _labels(audit.labels),
        "serving": _serving(audit.serving),
        "invalid_split": list(audit.invalid_split),
        "proves": list(audit.proves),
        "cannot_prove": list(audit.cannot_prove),
    }


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else round(float(value), _DIGITS)


def _column(finding: ColumnFinding) -> dict[str, Any]:
    return {
        "name": finding.name,
        "verdict": finding.verdict.value,
        "mechanism": finding.mechanism.value,
        "confidence": _number(finding.confidence),
        "evidence": [_clue(one) for one in finding.evidence],
    }


def _clue(clue: Clue) -> dict[str, Any]:
    return {
        "check": clue.check,
        "verdict": clue.verdict.value,
        "mechanism": clue.mechanism.value,
        "confidence": _number(clue.confidence),
        "says": clue.says,
        "value": _number(clue.value),
        "limit": _number(clue.limit),
    }


def _score(score: Score) -> dict[str, float | None]:
    return {"auc": _number(score.auc), "low": _number(score.low), "high": _number(score.high)}


def _score_by(one: ScoreBy) -> dict[str, Any]:
    return {**_score(one.all_columns), "without_leaks": _score(one.without_leaks), "note": one.note}


def _rows(rows: RowFindings) -> dict[str, Any]:
    return {
        "duplicates": rows.duplicates,
        "duplicate_share": _number(rows.duplicate_share),
        "duplicates_across": rows.duplicates_across,
        "shared_entities": rows.shared_entities,
        "shared_entity_share": _number(rows.shared_entity_share),
        "repeated_keys": rows.repeated_keys,
        "says": list(rows.says),
    }


def _labels(labels: LabelFindings) -> dict[str, Any]:
    return {
        "rows": labels.rows,
        "unknown": labels.unknown,
        "rate": _number(labels.rate),
        "over_time": [
            {
                "period": point.period,
                "rows": point.rows,
                "rate": _number(point.rate),
                "low": _number(point.low),
                "high": _number(point.high),
            }
            for point in labels.over_time
        ],
        "immature": list(labels.immature),
        "says": list(labels.says),
    }


def _serving(serving: ServingFindings) -> dict[str, Any]:
    return {
        "compared": serving.compared,
        "skewed": [
            {"name": one.name, "share": _number(one.share), "says": one.says, "confidence": _number(one.confidence)}
            for one in serving.skewed
        ],
        "says": list(serving.says),
    }
