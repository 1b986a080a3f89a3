"""Who noticed an event, and when: the calls of monitoring held against what truly happened."""

from collections.abc import Sequence

from monitoring.alerts.incidents import Incident
from monitoring.months import index_of
from monitoring.vocabulary import Cause
from pipelines.production import MonthRun
from scenarios.drift.story import Happening, Noticed

FAULT_DELAY_MONTHS = 1
"""A delivery broken in one month is met by the run at the start of the next."""

FITTING = {
    "lever": (Cause.CONCEPT, Cause.LABEL_SHIFT, Cause.LEAK_DIED, Cause.UNKNOWN),
    "fault": (Cause.DATA_FAULT,),
}
"""Causes that, when named, mean that a harmful event was understood."""

Call = tuple[MonthRun, Incident]
"""An incident that a person is called for, and the run that calls."""


def noticed(
    happening: Happening, runs: Sequence[MonthRun], start: int, *, among: Sequence[tuple[Happening, int]] = ()
) -> Noticed:
    """Whether, when and by whom an event was noticed.

    A harmful event is noticed by the first call whose cause fits it. A harmless one is to be left alone: it is blamed
    for a call that no harmful event can have caused.

    Parameters
    ----------
    start : the month index at which the event began.
    among : all events of the story with their starts.
    """
    calls = [(run, i) for run in runs for i in run.report.incidents if i.name in run.report.pages]
    if happening.harmless:
        harmful = [(one, began) for one, began in among if not one.harmless]
        return _left_alone(happening, [call for call in calls if not _excused(call, harmful)], start)
    fitting = [call for call in calls if call[1].cause in FITTING[happening.kind] and _in_time(call, happening, start)]
    if not fitting:
        return _verdict(happening, None, start, wished=False, comment="not noticed by the end of the year")
    return _verdict(happening, fitting[0], start, wished=True, comment=fitting[0][1].lead.message)


def _in_time(call: Call, happening: Happening, start: int) -> bool:
    """Whether an event can be heard in that run; broken deliveries only until they have been sent again."""
    age = call[0].month - start
    if happening.kind == "lever":
        return age >= 0
    lasts = None if happening.last is None else index_of(happening.last) - index_of(happening.first)
    return age >= FAULT_DELAY_MONTHS and (lasts is None or age <= lasts + FAULT_DELAY_MONTHS)


def _excused(call: Call, harmful: Sequence[tuple[Happening, int]]) -> bool:
    """Whether a harmful event can have caused the call: broken data any, a lever what it moves; labels tell it late."""
    run, incident = call
    return any(
        run.month >= began and (one.kind == "fault" or "P(X)" in one.moves or incident.cause in FITTING["lever"])
        for one, began in harmful
    )


def _left_alone(happening: Happening, calls: Sequence[Call], start: int) -> Noticed:
    blamed = [call for call in calls if _in_time(call, happening, start)]
    if not blamed:
        return _verdict(happening, None, start, wished=True, comment="nobody was called, and nobody needed to be")
    comment = f"a call where nothing did harm: {blamed[0][1].lead.message}"
    return _verdict(happening, blamed[0], start, wished=False, comment=comment)


def _verdict(happening: Happening, call: Call | None, start: int, *, wished: bool, comment: str) -> Noticed:
    run, incident = call if call is not None else (None, None)
    return Noticed(
        event=happening.title,
        first_alert=None if run is None else run.label,
        severity=None if incident is None else str(incident.severity),
        layer=None if incident is None else str(incident.lead.layer),
        months_late=None if run is None else run.month - start,
        as_wished=wished,
        comment=comment,
    )
