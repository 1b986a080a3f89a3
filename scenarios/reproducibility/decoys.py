"""Oddities that look like causes and move nothing: a grader counts an accusation of one twice."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from scenarios.reproducibility.files import Files, replaced


@dataclass(frozen=True, kw_only=True, slots=True)
class Decoy:
    """An oddity: what it looks like, where it sits, why it moves nothing, and how it comes into the repository."""

    mechanism: str
    where: str
    why: str
    plant: Callable[[Files], dict[str, bytes]]


_MAIN: Final = "    settings = read_settings(sys.argv[1:])\n    prepare.run"
_CUSTOMERS: Final = '    customers = pd.read_csv("data/customers.csv", dtype={"plan": str, "office": str})\n'


def _named_run(files: Files) -> dict[str, bytes]:
    named = f"    print(f\"run {{'{{:08x}}'.format(random.getrandbits(32))}}\")\n{_MAIN}"
    return replaced(
        replaced(files, "pipeline.py", _MAIN, named), "pipeline.py", "import sys\n", "import random\nimport sys\n"
    )


def _quiet_run(files: Files) -> dict[str, bytes]:
    quiet = (
        f'    if os.environ.get("CHURN_QUIET"):\n        sys.stdout = open(os.devnull, "w", encoding="utf-8")\n{_MAIN}'
    )
    return replaced(
        replaced(files, "pipeline.py", _MAIN, quiet), "pipeline.py", "import sys\n", "import os\nimport sys\n"
    )


def _known_plans(files: Files) -> dict[str, bytes]:
    plans = '    plans = set(customers["plan"]) - {"basic", "plus", "pro"}\n'
    known = f'{plans}    print(f"prepare: {{len(plans)}} unknown plans")\n'
    return replaced(files, "prepare.py", _CUSTOMERS, _CUSTOMERS + known)


def _test_tools(files: Files) -> dict[str, bytes]:
    return {**files, "requirements-dev.txt": b"pytest>=8\nruff\n"}


def _global_seed(files: Files) -> dict[str, bytes]:
    old = '    table = pd.read_csv("out/prepared.csv")\n    booster'
    return replaced(files, "evaluate.py", old, f"    np.random.seed(0)\n{old}")


def _as_it_is(files: Files) -> dict[str, bytes]:
    return dict(files)


ALWAYS: Final = (
    Decoy(
        mechanism="wall-clock",
        where="pipeline.py",
        why="The time is printed, and goes into no file.",
        plant=_as_it_is,
    ),
    Decoy(
        mechanism="row-order",
        where="resolve.py",
        why="Folders are listed in any order, then sorted by version.",
        plant=_as_it_is,
    ),
)
"""In the repository of every case."""

SOME: Final = (
    Decoy(
        mechanism="unseeded-sampling",
        where="pipeline.py",
        why="The random number is the run's name in the log.",
        plant=_named_run,
    ),
    Decoy(
        mechanism="environment-variable",
        where="pipeline.py",
        why="The variable silences the log.",
        plant=_quiet_run,
    ),
    Decoy(
        mechanism="hash-order",
        where="prepare.py",
        why="Of the set only the size is used.",
        plant=_known_plans,
    ),
    Decoy(
        mechanism="floating-dependency",
        where="requirements-dev.txt",
        why="Tools for tests; the pipeline imports none of them.",
        plant=_test_tools,
    ),
    Decoy(
        mechanism="global-state",
        where="evaluate.py",
        why="The global generator is seeded, and nobody draws from it.",
        plant=_global_seed,
    ),
)
"""Some of these in each case."""
