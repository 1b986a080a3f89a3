"""From a draw to a case: a sound repository, causes in it, the run that was recorded, and what comes back today."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from pipelines.errors import LabError
from pipelines.recorded import World
from scenarios.base import Case, Draw, Public
from scenarios.kit.git_bundle import bundle
from scenarios.reproducibility.causes.cause import Cause
from scenarios.reproducibility.causes.overwritten_table import CODE as OVERWRITTEN
from scenarios.reproducibility.causes.overwritten_table import TABLE
from scenarios.reproducibility.company import AFTER, draws, world_of
from scenarios.reproducibility.conditions import HOME
from scenarios.reproducibility.evidence import md5
from scenarios.reproducibility.files import Files
from scenarios.reproducibility.history import RUN_FROM, TAGGED_WRONGLY, history
from scenarios.reproducibility.lineage import lineage
from scenarios.reproducibility.plan import Plan, plan
from scenarios.reproducibility.project import levels, settings, sound
from scenarios.reproducibility.record import tracked_run
from scenarios.reproducibility.recording import DAYS_LATER, MODEL, Project, Recorded, as_csv, handed_over, recorded
from scenarios.reproducibility.running import Job, Ran, run_all
from scenarios.reproducibility.tables import Extracts, extracts
from scenarios.reproducibility.truth import Truth

BITES_FROM: Final = 5e-4
"""By how much a figure must move for its cause to be counted: half of the last digit of an AUC of .xxx."""

ATTEMPTS: Final = 8
"""Settings drawn until every planted cause moves the figure."""

SCORELIB: Final = "1.2"
"""The version there was when the run was recorded."""

_HERE: Final = Path(__file__).parent


def plant(draw: Draw) -> Case[Truth]:
    """A case with causes."""
    return plant_into(world_of(draw.seed), draw)


def control(draw: Draw) -> Case[Truth]:
    """A repository whose figure comes back, with oddities only."""
    return plant_into(world_of(draw.seed), draw, control=True)


def plant_into(world: World, draw: Draw, *, control: bool = False) -> Case[Truth]:
    """A case in a company that has been recorded already; the extract lies half a year before its record's end."""
    return plant_plan(world, plan(draw.level, draws(draw.seed, f"plan {draw.level}"), control=control), draw)


def plant_plan(world: World, planned: Plan, draw: Draw) -> Case[Truth]:
    """A case with the causes and oddities of a plan.

    Raises
    ------
    LabError
        Where a cause moves no figure, whatever the settings.
    """
    taken = extracts(world, draws(draw.seed, "people"), month=len(world.deliveries) - AFTER)
    steady: dict[str, int] = {}
    for attempt in range(ATTEMPTS):
        posed = _posed(planned, taken, draws(draw.seed, f"settings {attempt}"))
        recorded_figure = posed.recorded
        idle = [code for code, figure in posed.without.items() if not _bites(figure, recorded_figure)]
        if not idle:
            return _case(posed, draw, draws(draw.seed, "record"))
        steady.update({code: steady.get(code, 0) + 1 for code in idle})
    raise LabError(f"No settings were found with which every cause moves the figure; how often each did not: {steady}.")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Posed:
    """A case in the making: what was recorded, what is handed over, and what the cure gives."""

    planned: Plan
    project: Project
    made: Recorded
    tables: Mapping[str, pd.DataFrame]
    head: Files
    bundled: bytes
    commits: tuple[str, ...]
    jobs: tuple[Job, ...]
    ran: tuple[Ran, ...]

    @property
    def without(self) -> dict[str, float | None]:
        """What comes out with every cause cured but one, by that one's code."""
        return {code: ran.figure for code, ran in zip(self.planned.codes, self.ran[1:], strict=True)}

    @property
    def recorded(self) -> float:
        """The recorded figure, which the lab's own cures must give again on the rows of the recorded run.

        Raises
        ------
        LabError
            Where they do not: the record would be no truth.
        """
        figure, again = self.made.ran.figure, self.ran[0].figure
        if figure is None or figure != again:
            raise LabError(f"The lab's own cures of {', '.join(self.planned.codes)} give {again}, the record {figure}.")
        return figure


def _posed(planned: Plan, taken: Extracts, luck: np.random.Generator) -> _Posed:
    project = _project(planned, taken, luck)
    made = recorded(project, planned.causes, taken, hash_seed=int(luck.integers(1, 4000)))
    tables = handed_over(taken, overwritten=OVERWRITTEN in planned.codes, gone=planned.gone)
    snapshots = history(project, made, planned.causes)
    head = snapshots[-1].files
    bundled, commits = bundle(snapshots)
    data = {name: as_csv(table) for name, table in tables.items()}
    values = {**_cures(planned, made), "restored": made.data[TABLE].decode("utf-8")}
    jobs = tuple(
        Job(repository=cured(head, planned.causes, values, but=code), data=data, conditions=replace(HOME, luck=1))
        for code in (None, *planned.codes)
    )
    return _Posed(
        planned=planned,
        project=project,
        made=made,
        tables=tables,
        head=head,
        bundled=bundled,
        commits=commits,
        jobs=jobs,
        ran=tuple(run_all(jobs, trusted=True)),
    )


def _cures(planned: Plan, made: Recorded) -> dict[str, Any]:
    """What the cures need to know of the recorded run."""
    restored = "" if planned.gone else made.data[TABLE].decode("utf-8")
    return {**made.settings, "scorelib": SCORELIB, "restored": restored}


def cured(files: Files, causes: Sequence[Cause], values: Mapping[str, Any], *, but: str | None = None) -> Files:
    """The files with every cause cured, or every cause but one."""
    return reduce(lambda done, one: one.cure(done, values), (c for c in causes if c.code != but), dict(files))


def _project(planned: Plan, taken: Extracts, luck: np.random.Generator) -> Project:
    """A sound repository with its oddities, and the settings of the run to be recorded."""
    day = taken.day
    begun = day + pd.Timedelta(days=DAYS_LATER + int(luck.integers(4)), hours=12)
    extract = str(day.date())
    values = settings(luck, as_of=extract, extract=extract)
    if "wall-clock" in planned.codes:
        values["as_of"] = str(begun.date())
    if "metric-of-another-split" in planned.codes:
        values["judge_on"] = "valid"
    files = sound({**values, "judge_on": "test"}, levels(luck))
    for decoy in planned.decoys:
        files = decoy.plant(files)
    return Project(sound=files, settings=values, begun=begun.tz_localize("UTC"))


def _bites(figure: float | None, recorded: float) -> bool:
    return figure is None or abs(figure - recorded) >= BITES_FROM


def _case(posed: _Posed, draw: Draw, luck: np.random.Generator) -> Case[Truth]:
    made, planned = posed.made, posed.planned
    run_from = posed.commits[RUN_FROM]
    tag = posed.commits[TAGGED_WRONGLY] if "wrong-commit" in planned.codes else run_from
    run = tracked_run(made.ran, commit=tag, begun=posed.project.begun, luck=luck, locked=posed.head["dvc.lock"])
    truth = Truth(
        level=draw.level,
        planted=planned.codes,
        metrics=made.ran.texts["out/metrics.json"].encode("utf-8"),
        gone=planned.gone,
        without=posed.without,
        decoys=frozenset((one.mechanism, one.where) for one in planned.decoys),
        lineage=lineage(made.settings, commit=run_from, customers=md5(made.data[TABLE]), scorelib=SCORELIB),
        recorded=made.ran.hashes,
        head=posed.head,
        data={name: as_csv(table) for name, table in posed.tables.items()},
        cures=_cures(planned, made),
        begun=str(posed.project.begun.date()),
    )
    return Case(public=_public(posed, run), truth=truth)


def _public(posed: _Posed, run: str) -> Public:
    """Every public file by name."""
    made = posed.made
    return {
        "BRIEF.md": (_HERE / "brief.md").read_text(encoding="utf-8"),
        "answer.yaml": (_HERE / "starter" / "answer.yaml").read_text(encoding="utf-8"),
        "repository.bundle": posed.bundled,
        "record/run.json": run,
        "record/artifacts/log.txt": made.ran.log,
        "record/artifacts/model.txt": made.ran.texts[MODEL],
        **{f"data/{name}": table for name, table in posed.tables.items()},
    }
