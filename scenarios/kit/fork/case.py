"""The case behind a pack, made anew from the secret and the pack's identity, and the digest of what it says."""

import hashlib
from typing import Any, Final

import numpy as np
import pandas as pd

from pipelines.errors import LabError
from scenarios.base import Case, Public, Scenario
from scenarios.kit.fork.identity import Asked, Identity, draw_for, is_control, key_of, unbroken

_PROSE: Final = (".md", ".py", "answer.yaml", ".txt")
"""Texts that say nothing of the case, so that a mended sentence does not make old packs another case."""


class PackError(LabError):
    """A pack cannot be graded here: forked with another secret, of another version, or no longer made the same way."""


class AlteredError(PackError):
    """A pack's identity is not the one it was forked with."""


def case_of(scenario: Scenario[Any], secret: bytes, asked: Asked) -> Case[Any]:
    """The case of a pack; a share of them are controls."""
    draw = draw_for(secret, asked)
    return scenario.control(draw) if is_control(secret, asked) else scenario.plant(draw)


def remade(scenario: Scenario[Any], secret: bytes, identity: Identity) -> Case[Any]:
    """The case of a pack that came back.

    Raises
    ------
    PackError
        Where it cannot be the case that was handed out: forked with another secret, altered, of another version, or
        no longer made the same way.
    """
    refuse_strange(scenario, secret, identity)
    case = case_of(scenario, secret, identity)
    if content_digest(case.public) != identity.case:
        raise PackError(
            f"This lab makes another case for this pack than the one that was handed out, though both call it version "
            f"{identity.version} of '{scenario.name}': its code or its packages have changed. Grade with the checkout "
            "that forked the pack."
        )
    return case


def refuse_strange(scenario: Scenario[Any], secret: bytes, identity: Identity) -> None:
    """Raise PackError where a pack was not forked with this secret, as it stands, for this version."""
    if identity.key != key_of(secret):
        raise PackError(
            f"The pack was forked with another secret (key {identity.key}; this one is {key_of(secret)}). "
            "Name the right one with --secret."
        )
    if not unbroken(secret, identity):
        raise AlteredError("The pack's identity was altered after it was forked: pack.json no longer fits its seal.")
    if identity.version != scenario.version:
        raise PackError(
            f"The pack holds version {identity.version} of '{scenario.name}' and this lab has version "
            f"{scenario.version}, whose truth is another. Grade it with a checkout of the lab from before the change, "
            "or fork anew."
        )


def content_digest(public: Public) -> str:
    """A digest of what a case says: every table and every text that depends on the draw, whatever writes the files."""
    whole = hashlib.sha256()
    for name in sorted(public):
        content = public[name]
        if isinstance(content, str) and name.endswith(_PROSE):
            continue
        whole.update(f"{name}\n".encode())
        whole.update(_bytes(content))
    return whole.hexdigest()


def _bytes(content: pd.DataFrame | str | bytes) -> bytes:
    if isinstance(content, bytes):
        return content
    return content.encode() if isinstance(content, str) else _table(content)


def _table(frame: pd.DataFrame) -> bytes:
    kinds = [f"{name}:{dtype.kind if isinstance(dtype, np.dtype) else dtype}" for name, dtype in frame.dtypes.items()]
    rows = pd.util.hash_pandas_object(frame.astype(_plain(frame)), index=False).to_numpy()
    return "\n".join(kinds).encode() + rows.tobytes()


def _plain(frame: pd.DataFrame) -> dict[str, str]:
    """Categories are hashed as their text."""
    return {str(n): "str" for n in frame.columns if isinstance(frame[n].dtype, pd.CategoricalDtype)}
