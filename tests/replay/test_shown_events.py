"""What may happen in a year that is handed out: an index of each input must see it, or the middling answer is lost."""

from pathlib import Path

import pytest

from pipelines.replay.stage import stage_of
from pipelines.replay.workshop import Workshop
from scenarios.drift.answers.simple import middling
from scenarios.drift.exam.company import shown_past
from scenarios.drift.exam.compose import EARLY, Pulled
from scenarios.drift.exam.events import Family, Possible, of_family
from scenarios.drift.exam.public import public_files
from scenarios.drift.exam.timeline import HISTORY
from scenarios.kit.pack import write_public

SEED = 11

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("drift")]


def named_by_middling_practice(what: Possible | None, folder: Path) -> tuple[set[str], set[str]]:
    """The places middling practice names in a year with one weak fault, which starts late, and the broken features."""
    past = shown_past(SEED)
    faults = [] if what is None else [Pulled(what=what, dose=what.doses[0], start=HISTORY + EARLY[1]).fault]
    stage = stage_of(past, past.base, [fault for fault in faults if fault is not None])
    write_public(folder, public_files(Workshop(stage)))
    return {finding.where for finding in middling(folder).sheet.findings}, set(stage.scenes[-1].broken)


@pytest.mark.parametrize("what", of_family(Family.FAULT, hidden=False), ids=lambda what: what.name)
def test_an_index_sees_every_fault_that_is_shown_at_its_weakest(what: Possible, tmp_path: Path) -> None:
    named, broken = named_by_middling_practice(what, tmp_path)
    assert named
    assert named <= broken


def test_an_index_sees_nothing_where_nothing_is(tmp_path: Path) -> None:
    named, broken = named_by_middling_practice(None, tmp_path)
    assert not named
    assert not broken
