"""What `lab dev new` says: what was written, what is left to add by hand, what to do next."""

import difflib

from scenarios.kit.dev.scaffold import Scaffold


def told(name: str, one: Scaffold, *, written: bool) -> str:
    """The words for the terminal; for what is only shown, with the changes as a diff."""
    lines = ["Written:" if written else "Would be written:", *(f"  {path}" for path in one.made)]
    lines += ["Changed:" if written else "Would be changed:", *(f"  {path}" for path in one.changed)]
    if not written:
        lines += [line for path, (before, after) in one.changed.items() for line in _diff(path, before, after)]
    if one.by_hand:
        lines += ["Add by hand, because these files have another form than expected:", *(f"  {w}" for w in one.by_hand)]
    return "\n".join([*lines, *_next(name)])


def _diff(path: str, before: str, after: str) -> list[str]:
    found = difflib.unified_diff(before.splitlines(), after.splitlines(), path, path, n=1, lineterm="")
    return ["", *found]


def _next(name: str) -> list[str]:
    return [
        "",
        "Next:",
        f"  lab dev check {name} --seeds 1      what is left to do (every TODO, every rule)",
        f"  make test ARGS='-k {name}'          the contract, and the definition test",
        f"  make scenario-{name:<20} the page",
        "  README.md, docs/curriculum.md       a row each, in reading order",
    ]
