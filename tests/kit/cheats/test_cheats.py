"""The cheat pack: each way of cheating scores 0 or `error`, is named in the report, and leaves the host as it was."""

import importlib.util
import os
import re
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

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


def _cheats() -> ModuleType:
    specification = importlib.util.spec_from_file_location("kit_cheats", Path(__file__).with_name("cheats.py"))
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules["kit_cheats"] = module
    specification.loader.exec_module(module)
    return module


CHEATS = _cheats()


class Host:
    """What cheats must not touch: a file, a listening port, the folder for temporary files, the processes, the disk."""

    def __init__(self, folder: Path) -> None:
        self.canary = folder / "truth.txt"
        self.canary.write_text("the truth", encoding="utf-8")
        self.server = socket.create_server(("127.0.0.1", 0))
        self.server.settimeout(0.01)
        self.before = (boxes(), children(), os.statvfs(tempfile.gettempdir()).f_bavail)

    @property
    def port(self) -> int:
        return int(self.server.getsockname()[1])

    def untouched(self) -> bool:
        """Whether everything is as it was; an eighth of a GiB of disk may come and go with other work."""
        with pytest.raises(TimeoutError):
            self.server.accept()
        free = os.statvfs(tempfile.gettempdir())
        lost = (self.before[2] - free.f_bavail) * free.f_frsize
        same = self.canary.read_text(encoding="utf-8") == "the truth" and children() == self.before[1]
        return same and gone(boxes() - self.before[0]) and lost < (1 << 30)


def boxes() -> set[Path]:
    """What grading keeps in the folder for temporary files, other tests' that run meanwhile included."""
    return set(Path(tempfile.gettempdir()).glob("lab-returned-*"))


def gone(paths: set[Path]) -> bool:
    """Whether all of them go away: what other tests unpack does within a grade's time, what is left behind never."""
    until = time.monotonic() + 60.0
    while any(path.exists() for path in paths) and time.monotonic() < until:
        time.sleep(0.2)
    return not any(path.exists() for path in paths)


def children() -> set[int]:
    """Processes that this one has started."""
    found = set()
    for task in Path("/proc/self/task").iterdir():
        found |= (
            {int(one) for one in (task / "children").read_text().split()} if (task / "children").exists() else set()
        )
    return found


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    here = Host(tmp_path)
    yield here
    here.server.close()


@pytest.mark.parametrize("name", sorted(CHEATS.CHEATS))
def test_a_cheat_earns_nothing_harms_nothing_and_is_named(  # noqa: PLR0917 - fixtures
    pack: Packed, judge: Judged, host: Host, planted: Callable[..., str], tmp_path: Path, name: str
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
    assert "the truth" not in candidate_page(found).partition("</style>")[2]
    assert host.untouched()


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
