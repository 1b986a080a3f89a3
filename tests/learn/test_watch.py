import io
import os
import threading
import time
from pathlib import Path

import pytest
from rich.console import Console

from scenarios.kit.learn.desk import Desk
from scenarios.kit.learn.keys import ENDED, Keys
from scenarios.kit.learn.saves import DEBOUNCE, Saves
from scenarios.kit.learn.watch import HELP, watch

RIGHT = "version: 1\nscenario: toy\nestimates:\n  x: {value: 7, low: 7, high: 7}\n"


class Typed:
    """Keys typed one after the other; `between` happens before each, then the input ends or nothing more comes."""

    def __init__(self, keys: str, *, ends: bool = True) -> None:
        self.left, self.ends = list(keys), ends

    def within(self, seconds: float) -> str | None:
        if self.left:
            return self.left.pop(0)
        time.sleep(seconds)
        return ENDED if self.ends else None

    def forget_typed(self) -> None:
        pass


def run(desk: Desk, keys: str, **options: bool) -> tuple[bool, str]:
    shown: list[str] = []
    done = watch(desk, Typed(keys), show=shown.append, **options)  # type: ignore[arg-type]
    return done, "\n".join(shown)


def test_every_key_does_what_it_says(desk: Desk) -> None:
    _, shown = run(desk, "hlpcx?q")

    for word in ("A nudge", "Name the column", "minutes left", "0 checked again", "Put the original back?", "[h]int"):
        assert word in printed(shown)


def printed(text: str) -> str:
    """What stands in the terminal."""
    console = Console(file=io.StringIO(), soft_wrap=True, highlight=False)
    console.print(text)
    written: str = console.file.getvalue()  # type: ignore[attr-defined]
    return written


def test_an_unknown_key_prints_every_key_there_is(desk: Desk) -> None:
    _, shown = run(desk, "?q")

    assert printed(shown).splitlines()[-1] == HELP
    assert printed(shown).count(HELP) == 2


def test_a_terminal_shows_no_bit_of_markup_in_what_every_key_says(desk: Desk) -> None:
    text = printed(run(desk, "hlpcxn?q")[1])

    assert "[bold]" not in text
    assert "\\[" not in text


def test_q_leaves_without_complaint(desk: Desk) -> None:
    assert run(desk, "q")[0]


def test_without_a_terminal_it_checks_once_and_leaves(desk: Desk) -> None:
    desk.look()
    desk.file.write_text(RIGHT)

    done, shown = run(desk, "")

    assert done
    assert "Passed: toy/figure" in shown


def test_resetting_asks_first(desk: Desk) -> None:
    desk.look()
    desk.file.write_text(RIGHT)
    run(desk, "xnq")
    assert desk.file.read_text() == RIGHT

    run(desk, "xyq")
    assert desk.file.read_text() != RIGHT


def test_giving_up_asks_first(desk: Desk) -> None:
    assert "value: 7.0" not in run(desk, "snq")[1]
    assert "value: 7.0" in run(desk, "syq")[1]


def test_a_broken_file_is_told_and_the_loop_goes_on(desk: Desk) -> None:
    desk.look()
    desk.file.write_text("version: [")

    _, shown = run(desk, "rhq")

    assert "is not YAML" in shown
    assert "A nudge" in shown


def test_a_save_is_checked(desk: Desk) -> None:
    desk.look()
    keys = Typed("", ends=False)
    shown: list[str] = []
    loop = threading.Thread(target=watch, args=(desk, keys), kwargs={"show": shown.append}, daemon=True)
    loop.start()
    time.sleep(0.3)

    desk.file.write_text(RIGHT)

    _until(lambda: any("Passed: toy/figure" in one for one in shown))
    keys.left.append("q")
    loop.join(5)
    assert not loop.is_alive()


def test_with_manual_run_a_save_is_not_checked(desk: Desk) -> None:
    desk.look()
    keys = Typed("", ends=False)
    shown: list[str] = []
    loop = threading.Thread(target=watch, args=(desk, keys), kwargs={"show": shown.append, "manual": True}, daemon=True)
    loop.start()
    time.sleep(0.3)

    desk.file.write_text(RIGHT)
    time.sleep(3 * DEBOUNCE)
    keys.left.append("q")
    loop.join(5)

    assert not any("Passed" in one for one in shown)


def _until(true: object, seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.05)


class Clock:
    """A clock that is set by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_save_counts_once_when_the_file_has_been_lying_still(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "a"
    path.write_text("1")
    saves = Saves(path, clock)
    path.write_text("22")

    first = saves.saved()
    clock.now = DEBOUNCE / 2
    early = saves.saved()
    clock.now = 2 * DEBOUNCE
    still = saves.saved()

    assert (first, early, still, saves.saved()) == (False, False, True, False)


def test_a_touch_without_a_change_is_no_save(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "a"
    path.write_text("1")
    saves = Saves(path, clock)
    os.utime(path, ns=(1, 1))

    saves.saved()
    clock.now = 1.0

    assert not saves.saved()


def test_an_editor_that_renames_is_noticed(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "a"
    path.write_text("1")
    saves = Saves(path, clock)
    path.unlink()
    assert not saves.saved()
    (tmp_path / "b").write_text("22")
    (tmp_path / "b").rename(path)

    saves.saved()
    clock.now = 1.0

    assert saves.saved()


def test_keys_come_from_a_pipe_and_end_with_it() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading) as source:
        keys = Keys(source)
        assert keys.within(0.01) is None
        os.write(writing, b"Hq")
        assert [keys.within(1.0), keys.within(1.0)] == ["h", "q"]
        os.close(writing)
        assert [keys.within(0.01), keys.within(0.01)] == [ENDED, ENDED]


def test_keys_come_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    path.write_text("l")

    with path.open() as source:
        keys = Keys(source)
        assert [keys.within(0.01), keys.within(0.01)] == ["l", ENDED]
