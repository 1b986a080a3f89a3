"""A strong answer: reads every suspect against the record, cures it with what that says, and names what is lost."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import yaml

from scenarios.base import Answer, AnswerSheet, Finding
from scenarios.reproducibility.causes.catalogue import CAUSES
from scenarios.reproducibility.causes.cause import Cause, Values
from scenarios.reproducibility.evidence import Evidence
from scenarios.reproducibility.files import PARAMS, Files
from scenarios.reproducibility.grade import CURE, GONE, NAME
from scenarios.reproducibility.hidden import FOLDER
from scenarios.reproducibility.lineage import FILE, SETTINGS
from scenarios.reproducibility.reading import read_case

_TAG: Final = "mlflow.source.git.commit"


def strong(folder: Path) -> Answer:
    """Find, cure, and say where the run came from."""
    return strong_of(read_case(folder))


def strong_of(seen: Evidence) -> Answer:
    """`strong`, from files read already."""
    found = suspects(seen)
    files, known = cured(seen, found), merged(found)
    return Answer(
        sheet=AnswerSheet(
            scenario=NAME,
            trust=not found,
            findings=tuple(finding(one, values) for one, values in found),
            rationale=_rationale(found),
        ),
        code=handed_in({**files, FILE: lineage_text(seen, files, known).encode("utf-8")}),
    )


def suspects(seen: Evidence) -> list[tuple[Cause, Values]]:
    """Causes that are there, each with what the record says of it."""
    read = [(one, one.read(seen)) for one in CAUSES]
    return [(one, values) for one, values in read if values is not None]


def cured(seen: Evidence, found: Sequence[tuple[Cause, Values]]) -> Files:
    """The repository with those causes cured."""
    files = dict(seen.files)
    for one, values in found:
        files = one.cure(files, values)
    return files


def merged(found: Sequence[tuple[Cause, Values]]) -> dict[str, Any]:
    """Everything that was read off the record."""
    return {name: value for _, values in found for name, value in values.items()}


def finding(one: Cause, values: Values) -> Finding:
    """One cause as a finding."""
    lost = values.get("restored") == ""
    known = ", ".join(f"{name} = {str(value)[:60]}" for name, value in values.items() if name != "restored")
    evidence = f"{one.says} The record says: {known}." if known else one.says
    return Finding(
        where=one.where[0], mechanism=one.code, action=GONE if lost else CURE, probability=0.95, evidence=evidence
    )


def lineage_text(seen: Evidence, files: Files, known: Mapping[str, Any]) -> str:
    """What the recorded run came from: the record where it speaks, the cured settings otherwise."""
    params = yaml.safe_load(files[PARAMS])
    told = {
        "commit": known.get("commit", seen.run["data"]["tags"][_TAG]),
        "customers_md5": seen.locked["data/customers.csv"],
        "scorelib": seen.logged(r"resolve: scorelib==(\S+)"),
        **{name: params[name] for name in SETTINGS if name in params},
    }
    return json.dumps(told, indent=1, sort_keys=True) + "\n"


def handed_in(files: Files) -> dict[str, str]:
    """Text files as they stand in an answer; what is no text cannot be handed in, and need not be."""
    texts: dict[str, str] = {}
    for name, content in files.items():
        try:
            texts[f"{FOLDER}/{name}"] = content.decode("utf-8")
        except UnicodeDecodeError:
            continue
    return texts


def _rationale(found: Sequence[tuple[Cause, Values]]) -> str:
    named = ", ".join(one.code for one, _ in found) or "nothing that moves the figure"
    return (
        f"What differs from the recorded run: {named}. Each was cured with the value that the log, the model file or "
        "dvc.lock has, then the whole was run from two clean clones."
    )
