"""Everything that goes into a pack: the case, the check, a lock, a README, and who it is for."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from jinja2 import Environment, StrictUndefined

import monitoring
import pipelines
import scenarios
from pipelines.errors import LabError
from scenarios.base import Brief, Case, Public
from scenarios.kit.exercise import Exercise
from scenarios.kit.fork.case import case_of, content_digest
from scenarios.kit.fork.identity import Asked, Identity, Mode, digest, sealed
from scenarios.kit.fork.lock import lock_for
from scenarios.kit.pack import public_bytes

PACK: Final = "pack.json"
_README: Final = "README.md"
_HANDOUT: Final = Path(__file__).with_name("handout")

_PLAIN: Final = {
    "Makefile": "Makefile",
    "gitignore": ".gitignore",
    "lab/check.py": "lab/check.py",
    "lab/set_up.py": "lab/set_up.py",
    "tests/test_format.py": "tests/test_format.py",
}
"""Files of the hand-out by their name in a pack."""

_READING: Final = (
    (pipelines, ("__init__.py", "errors.py")),
    (
        scenarios,
        (
            "__init__.py",
            "base.py",
            "kit/__init__.py",
            "kit/answers.py",
            "kit/csv_shape.py",
            "kit/format.py",
            "kit/plain_yaml.py",
            "kit/repository.py",
            "kit/tables.py",
            "kit/utf8.py",
        ),
    ),
)
"""The lab's own files that read an answer: the same ones here and there."""

_TIME: Final = {
    Mode.LIVE: "You have about {minutes} minutes, together with your interviewer: think aloud, and ask.",
    Mode.TAKE_HOME: "It is meant for about {minutes} minutes of your own time; more is neither needed nor rewarded.",
    Mode.LEARN: "Plan about {minutes} minutes, and take longer if you like: nobody is watching.",
}

_HAND_IN: Final = {
    Mode.LIVE: "At the end, leave the folder as it is: your interviewer grades it.",
    Mode.TAKE_HOME: "Send the folder back, as it is or as one .zip or .tar.gz without `.venv`. It is graded once.",
    Mode.LEARN: "Hand in as often as you like: whoever gave you this folder runs `lab grade` on it.",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Parcel:
    """The files of a pack by path, its identity, and the case behind it (which stays here)."""

    identity: Identity
    files: Mapping[str, bytes]
    case: Case[object]
    constant: frozenset[str]
    """Files that are the same in every pack."""


def parcel(exercise: Exercise, secret: bytes, asked: Asked) -> Parcel:
    """A pack, in memory. Raises LabError where the scenario's own files collide with the pack's."""
    case = case_of(exercise.scenario, secret, asked)
    own = public_bytes(case.public)
    brief = exercise.scenario.brief
    constant = _constant(brief)
    if clash := sorted((set(own) & {*constant, PACK, "requirements.lock"}) - {_README}):
        raise LabError(f"The scenario '{asked.scenario}' hands out files that every pack has: {', '.join(clash)}.")
    lock = lock_for(case.public).encode()
    files = own | constant | {_README: _readme(brief, asked, case.public), "requirements.lock": lock}
    digests = {name: digest(content) for name, content in sorted(files.items())}
    identity = sealed(secret, asked, case=content_digest(case.public), files=digests)
    files[PACK] = _pack(identity, brief)
    return Parcel(identity=identity, files=dict(sorted(files.items())), case=case, constant=frozenset(constant))


def identity_from(content: bytes) -> Identity:
    """The identity in the bytes of a ``pack.json``. Raises ValueError where there is none."""
    plain = json.loads(content)
    if not isinstance(plain, dict):
        raise ValueError("it holds no fields")  # noqa: TRY004 - one kind for whatever is no identity
    plain.pop("deliverables", None)
    return Identity.model_validate(plain)


def _pack(identity: Identity, brief: Brief) -> bytes:
    """The identity, and what is to be handed in: that is there for the check, and no grader reads it."""
    asked = [{**asdict(one), "columns": dict(one.columns)} for one in brief.deliverables]
    plain = {**identity.model_dump(mode="json"), "deliverables": asked}
    return (json.dumps(plain, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def _constant(brief: Brief) -> dict[str, bytes]:
    files = {there: (_HANDOUT / here).read_bytes() for here, there in _PLAIN.items()}
    for package, names in _READING:
        folder = Path(str(package.__file__)).parent
        files |= {f"lab/{folder.name}/{name}": (folder / name).read_bytes() for name in names}
    return files | (_monitoring() if _has_code(brief) else {})


def _monitoring() -> dict[str, bytes]:
    """The package that code may import where it is run, without its Evidently face."""
    folder = Path(monitoring.__file__).parent
    found = sorted(path for path in folder.rglob("*.py") if not path.name.startswith("evidently_"))
    return {f"lab/monitoring/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in found}


def _has_code(brief: Brief) -> bool:
    return any(one.kind == "code" for one in brief.deliverables)


def _readme(brief: Brief, asked: Asked, public: Public) -> bytes:
    template = (_HANDOUT / "README.md.j2").read_text(encoding="utf-8")
    environment = Environment(  # noqa: S701 - Markdown, no HTML
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    given = public.get(_README, "")
    own = given if isinstance(given, str) else ""
    text = environment.from_string(template).render(
        question=brief.question,
        candidate=asked.candidate,
        level=str(asked.level),
        mode=str(asked.mode),
        time=_TIME[asked.mode].format(minutes=brief.minutes[asked.level]),
        hand_in=_HAND_IN[asked.mode],
        deliverables=brief.deliverables,
        monitoring=_has_code(brief),
        own=own.split("\n", 1)[-1].strip() if own.startswith("# ") else own.strip(),
    )
    return text.encode()
