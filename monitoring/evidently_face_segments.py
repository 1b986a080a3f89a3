"""One Evidently page a segment: realised performance of its customers alone.

Evidently's own `GroupBy` shows the overall value for every segment (0.7.23). Each segment is therefore cut out first,
by `Dataset.subdataset`, and has a report of its own.
"""

import warnings
from typing import Any

import pandas as pd

from monitoring.columns import MAX_LEVELS, as_numbers, first_of
from monitoring.errors import MonitorError
from monitoring.evidently_face_board import SEGMENT_TAG
from monitoring.monitor import MonthReport
from monitoring.months import end_of
from monitoring.vocabulary import Measurement

MIN_ROWS = 30
"""With fewer labelled customers a segment shows its size only."""


def segment_reports(report: MonthReport, outcomes: pd.DataFrame, *, by: str) -> dict[str, Any]:
    """Return a snapshot for each segment, by its label.

    It holds AUC, log loss, mean score and churn rate of the segment's labelled customers, and whatever the monitor
    itself measured of that segment. Where only one outcome occurs, there is no AUC to show.

    Parameters
    ----------
    report
        The month's report, for its date and the figures of the segment.
    outcomes
        Customers whose labels have landed: columns `score` (0 to 1), `churned` (0, 1 or empty) and `by`.
    by
        The column that names the segment, with at most 60 levels. It has to be known from the time of scoring:
        looked up later, those who left would be missing.

    Raises
    ------
    MonitorError
        If a column is missing, or `by` has too many levels.
    """
    labelled = _labelled(outcomes, by)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Evidently's own making: deprecated calls on import, empty histograms
        return {label: _run(report, labelled, by, label) for label in sorted(labelled[by].unique())}


def _labelled(outcomes: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return the customers with score and label in plain types."""
    missing = [name for name in ("score", "churned", by) if name not in outcomes.columns]
    if missing:
        found = ", ".join(map(str, outcomes.columns))
        raise MonitorError(f"Outcomes lack the columns {', '.join(missing)}; given are {found}. Join them first.")
    plain = pd.DataFrame(
        {name: as_numbers(first_of(outcomes, name)).cells for name in ("score", "churned")}
        | {by: first_of(outcomes, by).astype("str").to_numpy(dtype=object)}
    )
    labelled = plain.dropna().astype({"churned": "int64"})
    if labelled[by].nunique() > MAX_LEVELS:
        raise MonitorError(
            f'Column "{by}" has {labelled[by].nunique()} levels, at most {MAX_LEVELS} make segments. '
            "Take a column with fewer, or group its levels."
        )
    return labelled


def _run(report: MonthReport, labelled: pd.DataFrame, by: str, label: str) -> Any:  # noqa: ANN401 - an Evidently snapshot
    from evidently import BinaryClassification, DataDefinition, Dataset, Report

    from monitoring.evidently_metrics import SHOWN

    definition = DataDefinition(
        numerical_columns=["score"],
        categorical_columns=["churned", by],
        classification=[BinaryClassification(target="churned", prediction_probas="score", pos_label=1)],
    )
    segment = Dataset.from_pandas(labelled, data_definition=definition).subdataset(by, label)
    name = f"{by}={label}"
    token = SHOWN.set(report)
    try:
        metrics = [*_outcome_metrics(segment.as_dataframe()), *_own_metrics(report, name)]
        return Report(metrics, include_tests=True, tags=[f"{SEGMENT_TAG}{name}"]).run(
            segment,
            None,
            timestamp=(end_of(report.month) - pd.Timedelta(days=1)).to_pydatetime(),
            name=f"{report.month} {name}",
        )
    finally:
        SHOWN.reset(token)


def _outcome_metrics(rows: pd.DataFrame) -> list[Any]:
    """Return Evidently's figures without the tests it would add to them: those know no noise."""
    from evidently.metrics import LogLoss, MeanValue, RocAuc, RowCount

    if len(rows) < MIN_ROWS:
        return [RowCount(tests=[])]
    judged = [RocAuc(tests=[]), LogLoss(tests=[])] if rows["churned"].nunique() == 2 else []  # noqa: PLR2004 - both outcomes
    return [RowCount(tests=[]), *judged, MeanValue(column="score", tests=[])]


def _own_metrics(report: MonthReport, segment: str) -> list[Any]:
    from monitoring.evidently_metrics import MonitorFigure

    mine = {one.key: one for one in report.measurements if _is_about(one, segment)}
    return [MonitorFigure(layer=one.layer, signal=one.signal, subject=str(one.subject)) for one in mine.values()]


def _is_about(one: Measurement, segment: str) -> bool:
    return one.subject.segment == segment and one.value is not None
