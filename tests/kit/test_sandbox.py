"""A candidate's code in its box: what it cannot see, reach, use up or forge."""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pytest

from scenarios.kit.sandbox import box as box_module
from scenarios.kit.sandbox.box import Box, open_box
from scenarios.kit.sandbox.budget import Budget
from scenarios.kit.sandbox.errors import NoIsolationError, SessionError
from scenarios.kit.sandbox.isolation import isolation
from scenarios.kit.sandbox.limits import Limits

LEAD = """
def begin(module, plain, tables):
    return {"calls": 0}

def call(module, state, plain, tables):
    state["calls"] += 1
    return [state["calls"], getattr(module, plain["do"])(plain, tables)]
"""

CODE = """
import os
import socket
import sys
import time

seen = []

def total(plain, tables):
    seen.append(1)
    return [int(tables["table"]["a"].sum()), len(seen)]

def reads(plain, tables):
    found = {}
    for path in plain["paths"]:
        try:
            found[path] = sorted(os.listdir(path)) if os.path.isdir(path) else open(path).read()
        except OSError as error:
            found[path] = type(error).__name__
    return found

def connects(plain, tables):
    try:
        socket.create_connection(("127.0.0.1", plain["port"]), timeout=2).close()
    except OSError as error:
        return type(error).__name__
    return "connected"

def writes(plain, tables):
    for folder in (".", "/tmp", "/", plain["own"], "/dev"):
        try:
            open(os.path.join(folder, "left"), "w").close()
            return folder
        except OSError:
            pass
    return "nowhere"

def forks(plain, tables):
    made = 0
    try:
        for _ in range(2000):
            if os.fork() == 0:
                time.sleep(30)
                os._exit(0)
            made += 1
    except OSError:
        return made
    return made

def eats(plain, tables):
    try:
        return len(bytearray(64 << 30))
    except MemoryError:
        return "refused"

def spins(plain, tables):
    while True:
        pass

def sleeps(plain, tables):
    time.sleep(60)

def naps(plain, tables):
    time.sleep(0.4)

def works(plain, tables):
    until = time.process_time() + 0.4
    while time.process_time() < until:
        pass

def talks(plain, tables):
    return "x" * (1 << 20)

def leaves(plain, tables):
    os._exit(0)

def quits(plain, tables):
    sys.exit(0)

def fails(plain, tables):
    raise ValueError("no idea")

def not_a_number(plain, tables):
    return float("nan")

def an_object(plain, tables):
    return object()

def prints(plain, tables):
    print('{"value": "forged"}', flush=True)
    for descriptor in (0, 1, 2):
        try:
            os.write(descriptor, b'{"value": "forged"}\\n')
        except OSError:
            pass
    return "honest"

def spares(plain, tables):
    return dict(os.environ)
"""

isolated = pytest.mark.skipif(isolation() is None, reason="neither bubblewrap nor namespaces work on this machine")


@pytest.fixture(scope="module")
def lead(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("lead") / "lead.py"
    path.write_text(LEAD, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def shared(lead: Path) -> Iterator[Box]:
    with open_box({"answer.py": CODE}, lead, trusted=True) as box:
        yield box


@pytest.fixture
def begun(shared: Box) -> Iterator[Box]:
    shared.begin("answer.py", {}, {})
    yield shared
    shared.end()


def ask(box: Box, do: str, **plain: object) -> object:
    return box.call({"do": do, **plain}, {"table": pd.DataFrame({"a": [1, 2]})})[1]


def test_a_call_gets_its_table_and_answers_as_json(begun: Box) -> None:
    assert ask(begun, "total") == [3, 1]


def test_a_session_remembers_and_the_next_one_knows_nothing_of_it(shared: Box) -> None:
    shared.begin("answer.py", {}, {})
    ask(shared, "total")
    second = ask(shared, "total")
    shared.begin("answer.py", {}, {})
    fresh = ask(shared, "total")
    shared.end()

    assert (second, fresh) == ([3, 2], [3, 1])


@isolated
@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_a_table_that_is_kept_is_given_to_one_session_after_another_whatever_the_umask(shared: Box, mask: int) -> None:
    before = os.umask(mask)
    try:
        kept = shared.keep({"table": pd.DataFrame({"a": [3, 4]})})
        for _ in range(2):
            shared.begin("answer.py", {}, kept)
            assert shared.call({"do": "total"}, kept)[1] == [7, 1]
            assert ask(shared, "total") == [3, 2]
            shared.end()
    finally:
        os.umask(before)


def test_home_truth_and_the_rest_of_the_project_cannot_be_seen(begun: Box, tmp_path: Path) -> None:
    truth = tmp_path / "truth.json"
    truth.write_text("{}", encoding="utf-8")
    project = Path(box_module.__file__).parents[3]
    paths = [str(truth), str(Path.home() / ".ssh"), str(project / "params.yaml"), str(project / "data"), "/proc/1"]

    found = ask(begun, "reads", paths=paths)

    assert found == dict.fromkeys(paths, "FileNotFoundError")


@isolated
def test_there_is_no_network_not_even_to_this_machine(begun: Box) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        said = ask(begun, "connects", port=server.getsockname()[1])

    assert said in ("ConnectionRefusedError", "OSError")


@isolated
def test_nothing_can_be_written_down_for_the_next_session(begun: Box) -> None:
    assert ask(begun, "writes", own="code") == "nowhere"


@isolated
def test_a_fork_bomb_stops_at_the_limit_and_is_gone_with_the_session(shared: Box) -> None:
    shared.begin("answer.py", {}, {})
    made = ask(shared, "forks")
    shared.begin("answer.py", {}, {})
    again = ask(shared, "forks")
    shared.end()

    assert isinstance(made, int)
    assert 0 < made < Limits().processes
    assert made == again


def test_the_environment_holds_nothing_of_ours(begun: Box) -> None:
    said = ask(begun, "spares")

    assert isinstance(said, dict)
    assert said["HOME"] == "/nonexistent"
    assert set(said) <= {"PATH", "LANG", "HOME", "PYTHONHASHSEED", "PYTHONDONTWRITEBYTECODE", "PWD", "OLDPWD"} | {
        name for name in said if name.endswith("_NUM_THREADS")
    }


def test_memory_is_limited(begun: Box) -> None:
    assert ask(begun, "eats") == "refused"


@pytest.mark.parametrize("do", ["leaves", "quits", "fails", "not_a_number", "an_object", "missing"])
def test_what_is_no_answer_is_an_error_and_the_next_session_works(shared: Box, do: str) -> None:
    shared.begin("answer.py", {}, {})

    with pytest.raises(SessionError, match=r"ended|SystemExit|no idea|JSON compliant|not JSON|no attribute"):
        ask(shared, do)

    shared.begin("answer.py", {}, {})
    assert ask(shared, "total") == [3, 1]
    shared.end()


def test_what_is_printed_is_no_answer(begun: Box) -> None:
    assert ask(begun, "prints") == "honest"


@pytest.mark.parametrize(
    ("do", "limits", "why"),
    [
        ("sleeps", Limits(seconds_a_call=1.0), "no answer within 1 seconds"),
        ("spins", Limits(cpu_seconds=2), "ended before it answered"),
        ("talks", Limits(), "more than 65,536 bytes"),
    ],
)
def test_who_takes_too_long_or_says_too_much_gets_no_answer(lead: Path, do: str, limits: Limits, why: str) -> None:
    with open_box({"answer.py": CODE}, lead, limits=limits, trusted=True) as box:
        box.begin("answer.py", {}, {})

        with pytest.raises(SessionError, match=why):
            ask(box, do)


def test_without_isolation_only_the_labs_own_code_runs(lead: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(box_module, "isolation", lambda: None)

    with (
        pytest.raises(NoIsolationError, match="cannot isolate"),
        open_box({"answer.py": CODE}, lead) as _,
    ):
        pass
    with open_box({"answer.py": CODE}, lead, trusted=True) as box:
        box.begin("answer.py", {}, {})
        assert ask(box, "total") == [3, 1]
        box.end()


def test_a_file_outside_the_box_is_refused(lead: Path) -> None:
    with pytest.raises(SessionError, match="plain file name"), open_box({"../x.py": ""}, lead, trusted=True) as _:
        pass


@pytest.mark.parametrize(
    ("budget", "do", "why"),
    [
        (Budget(seconds=1.0), "sleeps", "time budget used up: 1 seconds for all calls together"),
        (Budget(cpu_seconds=1.0), "spins", "time budget used up: 1 seconds of processor time"),
    ],
)
def test_who_uses_up_the_time_of_a_grade_in_one_call_hears_that_and_not_that_the_call_was_slow(
    lead: Path, budget: Budget, do: str, why: str
) -> None:
    with open_box({"answer.py": CODE}, lead, trusted=True, budget=budget) as box:
        box.begin("answer.py", {}, {})

        with pytest.raises(SessionError, match=why):
            ask(box, do)
        with pytest.raises(SessionError, match=why):
            box.begin("answer.py", {}, {})


def test_calls_that_are_each_quick_enough_use_up_the_time_together(lead: Path) -> None:
    budget, said = Budget(seconds=2.0), list[str]()
    with open_box({"answer.py": CODE}, lead, trusted=True, budget=budget) as box:
        for _ in range(8):
            try:
                box.begin("answer.py", {}, {})
                said.append(str(ask(box, "naps")))
            except SessionError as error:
                said.append(str(error))

    assert said[0] == "None"
    assert said[-1] == "time budget used up: 2 seconds for all calls together"
    assert budget.left == 0.0


def test_processor_time_is_added_up_over_sessions_and_what_waits_uses_none(lead: Path) -> None:
    waits, works = Budget(), Budget()
    for budget, do in ((waits, "naps"), (works, "works")):
        with open_box({"answer.py": CODE}, lead, trusted=True, budget=budget) as box:
            for _ in range(2):
                box.begin("answer.py", {}, {})
                ask(box, do)
                box.end()

    spent = [Budget().cpu_left - one.cpu_left for one in (waits, works)]
    assert spent[0] < 0.8 <= spent[1]


def test_boxes_that_share_a_budget_use_it_up_together_and_others_have_their_own(lead: Path) -> None:
    shared, other = Budget(seconds=0.3), Budget(seconds=30.0)

    for budget in (shared, other):
        with open_box({"answer.py": CODE}, lead, trusted=True, budget=budget) as box:
            box.begin("answer.py", {}, {})
            with suppress(SessionError):
                ask(box, "naps")

    with (
        pytest.raises(SessionError, match="time budget used up"),
        open_box({"answer.py": CODE}, lead, trusted=True, budget=shared) as box,
    ):
        box.begin("answer.py", {}, {})
    with open_box({"answer.py": CODE}, lead, trusted=True, budget=other) as box:
        box.begin("answer.py", {}, {})
        assert ask(box, "total") == [3, 1]
        box.end()


def test_what_the_lab_does_between_two_calls_is_not_charged(lead: Path) -> None:
    budget = Budget(seconds=30.0)
    with open_box({"answer.py": CODE}, lead, trusted=True, budget=budget) as box:
        box.begin("answer.py", {}, {})
        before = budget.left
        time.sleep(0.5)
        between = budget.left
        box.end()

    assert before == between < 30.0


def test_the_labs_own_code_has_no_limit_but_that_of_each_call(lead: Path) -> None:
    budget = Budget.endless()
    budget.charge_cpu(1e6)

    with open_box({"answer.py": CODE}, lead, trusted=True, budget=budget) as box:
        box.begin("answer.py", {}, {})
        assert ask(box, "total") == [3, 1]
        box.end()
