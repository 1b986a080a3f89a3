"""Answers that stop early, guess, accuse everything, or say nothing."""

import json
import math
from pathlib import Path
from typing import Final

import yaml

from scenarios.base import Answer, AnswerSheet, Finding
from scenarios.reproducibility.answers.strong import cured, finding, handed_in, suspects
from scenarios.reproducibility.causes.catalogue import CAUSES
from scenarios.reproducibility.causes.cause import Level
from scenarios.reproducibility.decoys import ALWAYS, SOME
from scenarios.reproducibility.evidence import Evidence, md5
from scenarios.reproducibility.files import PARAMS
from scenarios.reproducibility.grade import CURE, NAME
from scenarios.reproducibility.lineage import FILE, SETTINGS
from scenarios.reproducibility.reading import read_case

NAMES, CURES = 0.65, 0.5
"""Parts of the causes that a middling answer names, and cures, before it is content."""

_PLAINEST: Final = (Level.LOUD, Level.QUIET, Level.FAINT)


def middling(folder: Path) -> Answer:
    """Pins the seed and what else is plain to see, and stops; copies the lineage from what lies there today."""
    return middling_of(read_case(folder))


def middling_of(seen: Evidence) -> Answer:
    """`middling`, from files read already."""
    everything = sorted(suspects(seen), key=lambda one: _PLAINEST.index(one[0].hides))
    found = everything[: math.ceil(NAMES * len(everything))]
    files = cured(seen, everything[: math.floor(CURES * len(everything))])
    params = yaml.safe_load(files[PARAMS])
    told = {
        "commit": seen.run["data"]["tags"]["mlflow.source.git.commit"],
        "customers_md5": md5(seen.data["customers.csv"]),
        "scorelib": seen.logged(r"resolve: scorelib==(\S+)"),
        **{name: params[name] for name in SETTINGS if name in params},
    }
    sheet = AnswerSheet(
        scenario=NAME,
        trust=not found,
        findings=tuple(finding(one, values).model_copy(update={"action": CURE}) for one, values in found),
        rationale="Pinned what was random and ran it again: the figure is stable now.",
    )
    return Answer(sheet=sheet, code=handed_in({**files, FILE: json.dumps(told).encode("utf-8")}))


def weak(folder: Path) -> Answer:
    """Blames the library versions, and hands the repository back as it is."""
    blamed = Finding(
        where="requirements.txt", mechanism="floating-dependency", action=CURE, evidence="Versions changed."
    )
    sheet = AnswerSheet(
        scenario=NAME,
        trust=False,
        findings=(blamed,),
        rationale="It is all in the repository; a difference of a few points is noise.",
    )
    return Answer(sheet=sheet, code=handed_in(read_case(folder).files))


def crying_wolf(_folder: Path) -> Answer:
    """Accuses whatever looks odd at a glance, measures nothing, and calls the figure lost."""
    odd = [(one.mechanism, one.where) for one in (*ALWAYS, *SOME)]
    found = tuple(Finding(where=where, mechanism=code, action=CURE, probability=0.8) for code, where in odd)
    return Answer(
        sheet=AnswerSheet(scenario=NAME, trust=False, findings=found, rationale="Nobody could reproduce this.")
    )


def gaming(_folder: Path) -> Answer:
    """Accuses everything on the brief's list."""
    found = tuple(Finding(where=one.where[0], mechanism=one.code, action=CURE) for one in CAUSES)
    return Answer(sheet=AnswerSheet(scenario=NAME, trust=False, findings=found))


def nothing(_folder: Path) -> Answer:
    """The starter as it is."""
    return Answer(sheet=AnswerSheet(scenario=NAME))
