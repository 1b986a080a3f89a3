"""The loop of `lab learn`: check on every save, and a key for everything else."""

from collections.abc import Callable
from typing import Final

from pipelines.errors import LabError
from scenarios.kit.learn.desk import Desk, Reply
from scenarios.kit.learn.keys import ENDED, Keys
from scenarios.kit.learn.saves import Saves

TICK: Final = 0.1
"""Seconds between two looks at the file."""

HELP: Final = "[h]int  [l]ist  [c]heck all  [r]un  [x] reset  [s]olution  [n]ext  [p]rogress  [q]uit"

Show = Callable[[str], None]


def watch(desk: Desk, keys: Keys, *, show: Show, manual: bool = False) -> bool:
    """Run until q, or until the input ends: then the task at hand is checked once, and whether it passed comes back.

    With `manual`, and where the input has ended, saves are not waited for.
    """
    show(desk.look().text)
    show(_footer(manual=manual))
    saves = Saves(desk.file)
    while True:
        key = keys.within(TICK)
        if key == ENDED:
            return _last_check(desk, show)
        if key == "q":
            return True
        if key is None and (manual or not saves.saved()):
            continue
        saves = _answered(desk, key or "r", keys, saves, show=show)


def _answered(desk: Desk, key: str, keys: Keys, saves: Saves, *, show: Show) -> Saves:
    """Do what a key asks for (a save asks for a check); returns the watch over what is now the file at hand."""
    action = _ACTIONS.get("r" if key == "\n" else key)
    if action is None:
        if not key.isspace():
            show(_escaped(HELP))
        return saves
    if key in _CHECKING:
        show("Checking ...")
    try:
        show(action(desk, keys, show).text)
    except LabError as error:
        show(f"[red]error:[/] {_escaped(error)}")
    keys.forget_typed()
    return saves if saves.path == desk.file and key not in ("x", *_CHECKING) else Saves(desk.file)


_CHECKING: Final = ("r", "\n", "c")


def _last_check(desk: Desk, show: Show) -> bool:
    """Nobody can press a key: check what is there and leave."""
    found = desk.check()
    show(found.text)
    return found.good


def _reset(desk: Desk, keys: Keys, show: Show) -> Reply:
    return desk.reset() if _sure("Put the original back?", keys, show) else Reply(text="Left as it is.")


def _solution(desk: Desk, keys: Keys, show: Show) -> Reply:
    done = desk.progress.of(desk.lesson.name).done
    if done or _sure("Not passed yet. Give it up and see the solution?", keys, show):
        return desk.solution(give_up=True)
    return Reply(text="Then go on.")


def _sure(question: str, keys: Keys, show: Show) -> bool:
    show(f"{question} y or n")
    while (key := keys.within(TICK)) is None or key.isspace():
        continue
    return key == "y"


_ACTIONS: Final[dict[str, Callable[[Desk, Keys, Show], Reply]]] = {
    "h": lambda desk, _keys, _show: desk.hint(),
    "l": lambda desk, _keys, _show: desk.list(),
    "c": lambda desk, _keys, _show: desk.check_all(),
    "r": lambda desk, _keys, _show: desk.check(),
    "n": lambda desk, _keys, _show: desk.next(),
    "p": lambda desk, _keys, _show: desk.standing(),
    "s": _solution,
    "x": _reset,
}


def _footer(*, manual: bool) -> str:
    how = "r or Enter checks" if manual else "Every save is checked"
    return _escaped(f"\n{how}. {HELP}")


def _escaped(text: object) -> str:
    from rich.markup import escape

    return escape(str(text))
