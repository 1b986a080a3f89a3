"""Who a pack is for and which case it holds: names that anybody may read, and a draw that only the secret gives."""

import hashlib
import hmac
import json
import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from pipelines.errors import LabError
from scenarios.base import Draw, Level

CONTROL_SHARE: Final = 0.18
"""Share of packs with nothing wrong in them: 15 to 20 %, so that saying nothing is wrong is sometimes right."""

MOST_SERIAL: Final = 1_000_000
"""Cases that one candidate can be posed, numbered from 1."""

_MOST_LETTERS: Final = 80
_NAME: Final = re.compile(r"[^\W_]([\w .,'@+-]*[\w.])?")
_HEX: Final = Field(pattern=r"^[0-9a-f]{64}$")


class Mode(StrEnum):
    """How a case is taken: beside an interviewer, alone and once, or to learn."""

    LIVE = "live"
    TAKE_HOME = "take-home"
    LEARN = "learn"


class _Sheet(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Asked(_Sheet):
    """A pack as it was asked for. `serial` tells packs of the same candidate apart: another one is another draw."""

    scenario: str
    version: Annotated[int, Field(ge=1)]
    candidate: str
    level: Level
    mode: Mode
    serial: Annotated[int, Field(ge=1, le=MOST_SERIAL)] = 1


class Identity(Asked):
    """What stands in ``pack.json``.

    `key` says which secret it was made with and gives nothing of it away; `case` is the digest of the case's content,
    `files` of every file as it went out; `seal` is a keyed digest of all the rest, so that nothing can be altered.
    """

    format: Literal[1] = 1
    key: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    case: Annotated[str, _HEX]
    files: Annotated[dict[str, Annotated[str, _HEX]], Field(max_length=5000)]
    seal: Annotated[str, _HEX]


def candidate_name(given: str) -> str:
    """A candidate's name as it is written everywhere, or LabError.

    >>> candidate_name("  Ada   Lovelace ")
    'Ada Lovelace'
    """
    name = " ".join(unicodedata.normalize("NFC", given).split())
    if len(name) > _MOST_LETTERS or not _NAME.fullmatch(name):
        raise LabError(
            f"'{given[:_MOST_LETTERS]}' cannot be a candidate's name: up to {_MOST_LETTERS} letters, digits, blanks "
            "and . , ' @ + - _, beginning with a letter or digit."
        )
    return name


def draw_for(secret: bytes, asked: Asked) -> Draw:
    """The draw of a pack; its seed is the first 63 bits of a keyed digest, and cannot be had without the secret."""
    digest = _keyed(secret, "draw", _who(asked))
    return Draw(seed=int.from_bytes(digest[:8], "big") >> 1, level=asked.level)


def is_control(secret: bytes, asked: Asked) -> bool:
    """Whether the pack has nothing wrong in it."""
    return int.from_bytes(_keyed(secret, "control", _who(asked))[:8], "big") < CONTROL_SHARE * 2.0**64


def key_of(secret: bytes) -> str:
    """A name for the secret."""
    return _keyed(secret, "key", [])[:8].hex()


def sealed(secret: bytes, asked: Asked, *, case: str, files: Mapping[str, str]) -> Identity:
    """The identity of a pack with its seal."""
    body = {**asked.model_dump(mode="json"), "format": 1, "key": key_of(secret), "case": case, "files": dict(files)}
    return Identity.model_validate({**body, "seal": _seal(secret, body)})


def unbroken(secret: bytes, identity: Identity) -> bool:
    """Whether an identity is as it was sealed."""
    body = identity.model_dump(mode="json", exclude={"seal"})
    return hmac.compare_digest(_seal(secret, body), identity.seal)


def digest(content: bytes) -> str:
    """The SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _who(asked: Asked) -> list[Any]:
    """What a draw depends on. The mode is left out: it decides what is shown, not what is posed."""
    return [asked.scenario, asked.candidate, asked.version, str(asked.level), asked.serial]


def _seal(secret: bytes, body: Mapping[str, Any]) -> str:
    return _keyed(secret, "seal", [json.dumps(body, sort_keys=True)]).hex()


def _keyed(secret: bytes, purpose: str, parts: list[Any]) -> bytes:
    """HMAC-SHA256 of a purpose and a list, written so that no two lists read the same."""
    message = json.dumps(["drift-leakage-lab/1", purpose, *parts], separators=(",", ":"))
    return hmac.digest(secret, message.encode("ascii"), "sha256")
