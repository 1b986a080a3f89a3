"""Who gets which case: reproducible with the secret, unguessable without it, and a control about one time in six."""

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from pipelines.errors import LabError
from scenarios.base import Level
from scenarios.kit.fork.identity import (
    CONTROL_SHARE,
    Asked,
    Identity,
    Mode,
    candidate_name,
    draw_for,
    is_control,
    sealed,
    unbroken,
)
from scenarios.kit.fork.secret import VARIABLE, own_secret, read_secret, secret_file

SECRET, OTHER = bytes(range(32)), bytes(range(1, 33))
ASKED = Asked(scenario="leakage", version=2, candidate="Ada", level=Level.MID, mode=Mode.LIVE)


def test_the_same_names_give_the_same_draw_and_any_other_another() -> None:
    changes = [
        {"scenario": "drift"},
        {"version": 3},
        {"candidate": "Adb"},
        {"level": Level.SENIOR},
        {"serial": 2},
    ]

    seeds = [draw_for(SECRET, ASKED.model_copy(update=change)).seed for change in [{}, *changes]]

    assert draw_for(SECRET, ASKED).seed == seeds[0]
    assert len({*seeds, draw_for(OTHER, ASKED).seed}) == 7
    assert draw_for(SECRET, ASKED.model_copy(update={"mode": Mode.LEARN})).seed == seeds[0]


def test_names_cannot_be_shifted_from_one_field_into_the_next() -> None:
    one = ASKED.model_copy(update={"scenario": "a", "candidate": "bc"})
    other = ASKED.model_copy(update={"scenario": "ab", "candidate": "c"})

    assert draw_for(SECRET, one).seed != draw_for(SECRET, other).seed


@given(st.binary(min_size=32, max_size=32), st.text(min_size=1, max_size=20))
def test_every_seed_is_one_that_a_draw_takes(secret: bytes, name: str) -> None:
    assert 0 <= draw_for(secret, ASKED.model_copy(update={"candidate": name})).seed < 2**63


def test_about_one_pack_in_six_is_a_control_and_it_is_not_told_by_the_seed() -> None:
    packs = [ASKED.model_copy(update={"candidate": f"Person {n}"}) for n in range(4000)]

    controls = [is_control(SECRET, one) for one in packs]
    odd = [draw_for(SECRET, one).seed % 2 for one, control in zip(packs, controls, strict=True) if control]

    assert 0.15 < CONTROL_SHARE < 0.20
    assert abs(sum(controls) / 4000 - CONTROL_SHARE) < 0.03
    assert 0.4 < sum(odd) / len(odd) < 0.6


@pytest.mark.parametrize("field", ["candidate", "level", "version", "case", "files", "serial", "mode", "key"])
def test_whatever_is_altered_breaks_the_seal(field: str) -> None:
    identity = sealed(SECRET, ASKED, case="0" * 64, files={"a": "1" * 64})
    other = {
        "candidate": "Eve",
        "level": "junior",
        "version": 1,
        "case": "2" * 64,
        "files": {"a": "3" * 64},
        "serial": 9,
        "mode": "learn",
        "key": "f" * 16,
    }

    forged = Identity.model_validate({**identity.model_dump(mode="json"), field: other[field]})

    assert unbroken(SECRET, identity)
    assert not unbroken(SECRET, forged)
    assert not unbroken(OTHER, identity)


def test_an_identity_says_nothing_of_the_draw_or_the_secret() -> None:
    written = sealed(SECRET, ASKED, case="0" * 64, files={}).model_dump_json()
    seed = draw_for(SECRET, ASKED).seed

    assert not any(text in written for text in (str(seed), f"{seed:x}", SECRET.hex()))


@pytest.mark.parametrize("given", ["", "   ", "../x", "-rf", "a" * 81, "a\x00b", "a/b", "<b>"])
def test_a_name_that_could_do_harm_is_refused(given: str) -> None:
    with pytest.raises(LabError, match="cannot be a candidate's name"):
        candidate_name(given)


@pytest.mark.parametrize("given", ["Ada", "José María", "李雷", "o'Neill", "a.b@example.org", "Ж-1"])
def test_people_may_have_the_names_they_have(given: str) -> None:
    assert candidate_name(f" {given} ") == given


def test_a_made_secret_is_private_and_stays_the_same(tmp_path: Path) -> None:
    file = tmp_path / "settings" / "secret"

    first, made = own_secret(file)
    second, again = own_secret(file)

    assert (made, again) == (True, False)
    assert first == second == read_secret(file)
    assert len(first) == 32
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700


def test_two_secrets_are_never_the_same(tmp_path: Path) -> None:
    assert own_secret(tmp_path / "a")[0] != own_secret(tmp_path / "b")[0]


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_a_secret_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "secret"
    own_secret(file)
    file.chmod(mode)

    with pytest.raises(LabError, match=r"can be read by others.*chmod 600"):
        read_secret(file)


@pytest.mark.parametrize("inside", ["secret", "deep/down/secret"])
def test_a_secret_inside_a_repository_is_refused_and_not_made(tmp_path: Path, inside: str) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)

    with pytest.raises(LabError, match="may not lie in a repository"):
        own_secret(tmp_path / inside)

    assert not (tmp_path / inside).exists()


@pytest.mark.parametrize("text", ["", "short", "g" * 64, "0" * 63, "0" * 65, "0" * 64 + "\n\n"])
def test_a_file_that_holds_no_secret_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "secret"
    file.write_text(text)
    file.chmod(0o600)

    with pytest.raises(LabError, match="holds no secret"):
        read_secret(file)


def test_a_linked_or_missing_secret_is_refused(tmp_path: Path) -> None:
    own_secret(tmp_path / "real")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    os.mkfifo(tmp_path / "pipe", 0o600)

    with pytest.raises(LabError, match="must be a plain file"):
        read_secret(tmp_path / "link")
    with pytest.raises(LabError, match="must be a plain file"):
        read_secret(tmp_path / "pipe")
    with pytest.raises(LabError, match="There is no secret in"):
        read_secret(tmp_path / "none")


def test_the_secret_is_where_it_was_said_to_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    usual = secret_file()
    monkeypatch.setenv(VARIABLE, str(tmp_path / "named"))

    assert usual.name == "secret"
    assert secret_file() == tmp_path / "named"
    assert secret_file(tmp_path / "given") == tmp_path / "given"


def test_an_identity_with_unknown_fields_is_refused() -> None:
    identity = sealed(SECRET, ASKED, case="0" * 64, files={})

    with pytest.raises(ValidationError, match="Extra inputs"):
        Identity.model_validate({**identity.model_dump(mode="json"), "score": 100})
