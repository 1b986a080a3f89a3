"""Detectors of the user's own: what they say is handled as any measurement, and none of them stops a month."""

from collections.abc import Sequence

import pandas as pd
import pytest

from monitoring.detectors import catalogue
from monitoring.detectors.detector import detected
from monitoring.monitor import observe
from monitoring.performance.profit import Economics
from monitoring.reference import GoodMonths, Policy, Reference, build_reference
from monitoring.screening import MonthInput
from monitoring.state import MonitorState
from monitoring.vocabulary import Layer, Measurement, Subject, Verdict

MONTH = "2025-01"


@pytest.fixture(scope="module")
def reference(good_months: dict[str, pd.DataFrame]) -> Reference:
    """Half a year of usage, watched without scores."""
    shop = Economics(clv=200.0, offer_cost=15.0, contact_cost=1.0, acceptance_rate=0.4)
    views = {month: good_months[month] for month in sorted(good_months)[:6]}
    return build_reference(GoodMonths(views=views, cohorts={}), Policy(threshold=0.1, economics=shop, weights={}))


def rows_seen(_reference: Reference, given: MonthInput) -> Sequence[Measurement]:
    """A detector that alarms about any month at all."""
    assert given.view is not None
    return [
        Measurement(
            month=given.month,
            layer=Layer.INPUT,
            signal="rows_seen",
            subject=Subject(table="model_view"),
            value=float(len(given.view)),
            threshold=0.0,
            method="rows",
            unit="rows",
            verdict=Verdict.ALARM,
        )
    ]


def broken(_reference: Reference, _given: MonthInput) -> Sequence[Measurement]:
    """A detector with a mistake in it."""
    raise KeyError("minutes")


def view_of(reference: Reference) -> pd.DataFrame:
    return pd.concat(list(reference.plot_rows.values()), ignore_index=True)


def test_what_a_detector_says_is_reported_and_told(reference: Reference, monkeypatch: pytest.MonkeyPatch) -> None:
    given = MonthInput(month=MONTH, view=view_of(reference))
    _, without = observe(reference, MonitorState(), given)
    monkeypatch.setattr(catalogue, "DETECTORS", (rows_seen,))

    _, report = observe(reference, MonitorState(), given)

    assert without.figure("rows_seen") is None
    assert report.figure("rows_seen") is not None
    assert [one.signal for one in report.alerts if one.signal == "rows_seen"] == ["rows_seen"]


def test_a_detector_that_fails_is_an_alarm_and_the_others_are_still_asked(reference: Reference) -> None:
    found = detected((broken, rows_seen), reference, MonthInput(month=MONTH, view=view_of(reference)))

    assert [one.signal for one in found] == ["detector_failed", "rows_seen"]
    assert found[0].verdict is Verdict.ALARM
    assert found[0].note == "broken could not read the month: KeyError: 'minutes'"


def test_a_month_without_a_view_asks_no_detector(reference: Reference) -> None:
    assert detected((broken,), reference, MonthInput(month=MONTH, view=None)) == []
