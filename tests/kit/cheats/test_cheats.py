"""The cheat pack: each way of cheating scores 0 or `error`, is named in the report, and leaves the host as it was."""

import importlib.util
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from scenarios.base import Draw, Level
from scenarios.kit.exercise import Bank
from scenarios.kit.fork.case import case_of, content_digest
from scenarios.kit.fork.identity import Asked, Mode, draw_for
from scenarios.kit.fork.parcel import Parcel
from scenarios.kit.grade.grading import Graded
from scenarios.kit.grade.many import graded_all
from scenarios.kit.grade.pages import candidate_page, interviewer_page
from scenarios.kit.grade.words import Ended
from scenarios.kit.sandbox.isolation import isolation

Packed = Callable[..., Path]
Judged = Callable[..., Graded]
pytestmark = pytest.mark.skipif(isolation() is None, reason="neither bubblewrap nor namespaces work on this machine")


def _beside(name: str) -> ModuleType:
    specification = importlib.util.spec_from_file_location(f"kit_{name}", Path(__file__).with_name(f"{name}.py"))
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules[f"kit_{name}"] = module
    specification.loader.exec_module(module)
    return module


CHEATS, HOST = _beside("cheats"), _beside("host")


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Any]:
    with HOST.host_in(tmp_path) as here:
        yield here


@pytest.mark.parametrize("name", sorted(CHEATS.CHEATS))
def test_a_cheat_earns_nothing_harms_nothing_and_is_named(  # noqa: PLR0917 - fixtures
    pack: Packed, judge: Judged, host: "HOST.Host", planted: Callable[..., str], tmp_path: Path, name: str
) -> None:
    cheat = CHEATS.CHEATS[name]
    folder = pack(planted(), worthless=True)
    archive = tmp_path / ("back.tar.gz" if "link" in name else "back.zip")
    cheat.does(CHEATS.Ground(folder=folder, canary=host.canary, port=host.port, archive=archive))

    found = judge(archive if cheat.archive else folder)

    assert found.verdict.score in (0.0, None), found.verdict.card
    assert (found.verdict.score is None) == (found.verdict.ended is Ended.ERROR)
    assert re.search(cheat.named, found.verdict.model_dump_json()), found.verdict
    assert interviewer_page(found)
    assert HOST.TRUTH not in candidate_page(found).partition("</style>")[2]
    assert host.touched() == []


def test_an_answer_copied_from_another_candidate_is_withheld_and_the_original_is_not(
    pack: Packed, bank: Bank, secret: bytes, toy: ModuleType
) -> None:
    names = [f"Person {n}" for n in range(12)]
    posed = {name: Asked(scenario="toy", version=3, candidate=name, level=Level.MID, mode=Mode.LIVE) for name in names}
    cases = {name: case_of(toy.TOY, secret, asked).truth.column for name, asked in posed.items()}
    own, other = next((a, b) for a in names for b in names if cases[a] and cases[b] and cases[a] != cases[b])
    original, copy = pack(own, sample=True), pack(other)
    for file in ("answer.yaml", "predictions.csv", "guess.py"):
        text = (original / file).read_text()
        if file == "answer.yaml":
            text = text.replace("rationale: Compared means by outcome.", f"rationale: {'I compared the means. ' * 12}")
            (original / file).write_text(text)
        (copy / file).write_text(text.replace("0.2", "0.20"))

    first, second = graded_all([original, copy], bank, secret, practice=False, say=lambda _: None)

    assert (first.verdict.score, second.verdict.score) == (100.0, None)
    assert "fits that case" in second.verdict.problems[-1]
    assert any(sign.what == "copied answer" for sign in second.verdict.signs)
    assert any(sign.what == "answers alike" for sign in first.verdict.signs)


def test_a_whole_pack_handed_in_under_another_name_scores_for_nobody(
    pack: Packed, bank: Bank, secret: bytes, tmp_path: Path
) -> None:
    import shutil

    original = pack("Ada", sample=True)
    shutil.copytree(original, tmp_path / "in" / "Eve")

    found = graded_all([original, tmp_path / "in" / "Eve"], bank, secret, practice=False, say=lambda _: None)

    assert [one.verdict.score for one in found] == [None, None]
    assert all("same pack" in one.verdict.problems[-1] for one in found)


def test_the_seed_cannot_be_found_by_trying(wrap: Callable[..., Parcel], toy: ModuleType) -> None:
    """The secret has 256 bits and the seed 63; a pack confirms a guess, and a near one looks like any other."""
    asked = Asked(scenario="toy", version=3, candidate="Ada", level=Level.MID, mode=Mode.TAKE_HOME)
    made = wrap("Ada")
    seed = draw_for(bytes(range(32)), asked).seed

    guesses = [*range(200), *(seed ^ (1 << bit) for bit in range(63))]
    hits = [
        one
        for one in guesses
        if content_digest(toy.plant(Draw(seed=one, level=Level.MID)).public) == made.identity.case
    ]
    near = {draw_for(bytes([*range(31), last]), asked).seed for last in range(256)}

    assert hits == []
    assert len(near) == 256
    assert seed.bit_length() > 40
    whole = b"".join(made.files.values())
    assert not any(text in whole for text in (str(seed).encode(), f"{seed:x}".encode(), seed.to_bytes(8, "little")))
