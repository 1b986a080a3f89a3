"""What may not stand in a pack: the draw's seed, the secret, what was planted, and the machine it was made on."""

import base64
import getpass
import os
import socket
import sys
import tempfile
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pipelines.leaks.catalogue import LEAKS
from pipelines.world.faults.catalogue import FAULTS
from pipelines.world.levers.catalogue import LEVERS
from scenarios.base import Draw
from scenarios.kit.plain import leaves, plain

_LARGE: Final = 1 << 31
"""From here on a whole number in a truth is a seed."""

_DIGITS: Final = 8
"""Significant digits from which on a figure of the truth is its own and no coincidence."""

_EVERYBODY: Final = frozenset({"root", "user", "admin", "runner", "ubuntu", "debian", "home", "nobody", "localhost"})
_LETTERS: Final = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """Needles by kind. `seeds` are bytes in every spelling, `numbers` the same as whole numbers in tables."""

    seeds: tuple[bytes, ...] = ()
    numbers: frozenset[int] = frozenset()
    names: frozenset[str] = frozenset()
    figures: frozenset[str] = frozenset()
    paths: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    constant: frozenset[str] = field(default_factory=frozenset)
    """Files that are the same in every pack: they may hold any word."""

    expected: frozenset[str] = field(default_factory=frozenset)
    """Every file that belongs into the pack; none where that is not known."""


def known(
    *,
    secret: bytes,
    draw: Draw,
    truth: object,
    candidate: str,
    constant: Iterable[str],
    expected: Iterable[str],
    told: Collection[str] = (),
) -> Known:
    """Everything that the lab knows and the pack must not."""
    whole = plain(truth)
    values = list(leaves(whole))
    public = {one for name in told if isinstance(whole, dict) for one in leaves(whole.get(name))}
    seeds = {draw.seed} | {one for one in values if isinstance(one, int) and one >= _LARGE}
    spelled = [text for seed in sorted(seeds) for text in _spellings(seed)]
    catalogue = {*_names(LEVERS), *_names(FAULTS), *_names(LEAKS)}
    figures = {repr(one) for one in values if isinstance(one, float) and _own(one, public)}
    return Known(
        seeds=(*spelled, secret, secret.hex().encode(), base64.b64encode(secret).rstrip(b"=")),
        numbers=frozenset(seeds),
        names=frozenset(name for name in values if isinstance(name, str) and "_" in name and name in catalogue),
        figures=frozenset(figures),
        paths=machine_paths(),
        people=machine_people(candidate),
        constant=frozenset(constant),
        expected=frozenset(expected),
    )


def _own(figure: float, public: Collection[object]) -> bool:
    """Whether a figure is exact enough to be the truth's own, and is not handed out by design."""
    return len(repr(figure).lstrip("-0.")) >= _DIGITS and figure not in public


def machine_paths() -> tuple[str, ...]:
    """Folders of this machine that nobody else has."""
    own = {Path.home(), Path.cwd(), Path(__file__).parents[4], Path(sys.prefix), Path(tempfile.gettempdir()) / "lab-"}
    return tuple(sorted(str(path) for path in own if len(path.parts) > 1))


def machine_people(candidate: str) -> tuple[str, ...]:
    """Names of who works here and of the machine; what the candidate is called too is left out."""
    found = {socket.gethostname().split(".")[0], os.environ.get("LOGNAME", ""), os.environ.get("USERNAME", "")}
    with suppress(OSError, KeyError, ImportError):
        found.add(getpass.getuser())
    with suppress(ImportError, KeyError):
        import pwd

        found.add(pwd.getpwuid(os.getuid()).pw_gecos.split(",")[0])
    own = candidate.casefold()
    wanted = {one for one in found if len(one) >= _LETTERS and one.casefold() not in _EVERYBODY}
    return tuple(sorted(one for one in wanted if one.casefold() not in own))


def _spellings(seed: int) -> tuple[bytes, ...]:
    """A seed as text (decimal, hexadecimal) and as eight bytes in either order; short ones would match by chance."""
    if seed < _LARGE:
        return ()
    whole = seed.to_bytes(8, "big") if seed < 1 << 64 else seed.to_bytes(16, "big")
    text = (str(seed), f"{seed:x}", f"{seed:X}")
    return (*(one.encode() for one in text), whole, whole[::-1], base64.b64encode(whole).rstrip(b"="))


def _names(catalogue: Iterable[object]) -> list[str]:
    return [str(getattr(one, "name", one)) for one in catalogue]
