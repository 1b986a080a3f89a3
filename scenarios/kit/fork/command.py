"""The command ``lab fork``: a pack for one candidate, looked through before it is written."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeVar

from pipelines.errors import LabError
from scenarios.base import Level
from scenarios.kit.exercise import Bank, Exercise
from scenarios.kit.fork.archive import archive_bytes, refuse_taken, write_folder
from scenarios.kit.fork.identity import MOST_SERIAL, Asked, Mode, candidate_name, draw_for, is_control
from scenarios.kit.fork.parcel import Parcel, parcel
from scenarios.kit.fork.scan.known import Known, known
from scenarios.kit.fork.scan.scanner import refuse_traces, scan_archive, scan_folder
from scenarios.kit.fork.secret import own_secret, secret_file
from scenarios.kit.places import refuse_below_file, refuse_no_file, writing

Kind = TypeVar("Kind", bound=StrEnum)

ARCHIVES: Final = (".zip", ".tar.gz")


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """What `lab fork` was asked for. `out` is a folder, or an archive by its ending; `panel` the interviewer's page."""

    scenario: str
    candidate: str
    level: str
    mode: str
    out: Path
    secret: Path | None
    serial: int
    panel: Path | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Forked:
    """What was forked: the parcel, the exercise, and whether the case is a control."""

    exercise: Exercise
    parcel: Parcel
    control: bool


def fork(request: Request, bank: Bank, *, say: Callable[[str], None]) -> Forked:
    """Write the pack.

    Raises
    ------
    LabError
        For a name that does not exist, a place that is taken, a secret that cannot be trusted, or a pack that would
        give something away; nothing is written then.
    """
    exercise = bank(request.scenario)
    _refuse_serial(request.serial)
    asked = Asked(
        scenario=request.scenario,
        version=exercise.scenario.version,
        candidate=candidate_name(request.candidate),
        level=_one_of(Level, request.level, "level"),
        mode=_one_of(Mode, request.mode, "mode"),
        serial=request.serial,
    )
    kind = archive_kind(request.out)
    _refuse_places(request, kind)
    file = secret_file(request.secret)
    secret, made = own_secret(file)
    if made:
        say(f"A secret was made in {file}. Keep it and back it up: without it no pack can be graded.")
    wrapped = parcel(exercise, secret, asked)
    found = known(
        secret=secret,
        draw=draw_for(secret, asked),
        truth=wrapped.case.truth,
        candidate=asked.candidate,
        constant=wrapped.constant,
        expected=wrapped.files,
        told=exercise.scenario.told,
    )
    _write(request.out, kind, wrapped, found)
    say(_done(request.out, wrapped, asked))
    return Forked(exercise=exercise, parcel=wrapped, control=is_control(secret, asked))


def archive_kind(out: Path) -> str:
    """The archive's ending, or nothing for a folder."""
    return next((kind for kind in ARCHIVES if out.name.endswith(kind)), "")


def _refuse_serial(serial: int) -> None:
    if not 1 <= serial <= MOST_SERIAL:
        raise LabError(f"There is no serial {serial}. Allowed: 1 to {MOST_SERIAL:,}.")


def _refuse_places(request: Request, kind: str) -> None:
    """Refuse what is taken before minutes are spent on making the case."""
    refuse_below_file(request.out, "--out")
    if kind and request.out.exists():
        raise LabError(f"{request.out} is there already, and nothing is overwritten. Name a new file with --out.")
    if not kind:
        refuse_taken(request.out)
    if request.panel is not None:
        refuse_no_file(request.panel, "--panel")
    if request.panel is not None and request.panel.resolve().is_relative_to(request.out.resolve()):
        raise LabError(f"The interviewer's page {request.panel} holds the truth; it may not lie inside the pack.")


def _write(out: Path, kind: str, wrapped: Parcel, found: Known) -> None:
    """Look through what is to be written, in a place beside, and only then put it where it belongs."""
    if kind:
        content = archive_bytes(wrapped.files, root=out.name.removesuffix(kind), kind=kind)
        refuse_traces(scan_archive(out.name, content, found))
        with writing(out, "--out"):
            out.parent.mkdir(parents=True, exist_ok=True)
            out.write_bytes(content)
        return
    with tempfile.TemporaryDirectory() as beside:
        write_folder(Path(beside) / "pack", wrapped.files)
        refuse_traces(scan_folder(Path(beside) / "pack", found))
    write_folder(out, wrapped.files)


def _one_of(kinds: type[Kind], given: str, what: str) -> Kind:
    names = [str(one) for one in kinds]
    if given not in names:
        raise LabError(f"There is no {what} '{given}'. Allowed: {', '.join(names)}.")
    return kinds(given)


def _done(out: Path, wrapped: Parcel, asked: Asked) -> str:
    size = sum(len(content) for content in wrapped.files.values()) / 1e6
    return (
        f"{out}: {asked.scenario} (version {asked.version}) for {asked.candidate}, level {asked.level}, {asked.mode}; "
        f"{len(wrapped.files)} files, {size:.1f} MB. Looked through: no trace of the truth, of the draw or of this "
        "machine."
    )
