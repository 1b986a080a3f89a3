"""Sessions of one box: what one of them cannot leave to the next, and that none reaches the process they stem from."""

import os
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from scenarios.kit.sandbox.box import Box, open_box
from scenarios.kit.sandbox.isolation import isolation
from scenarios.kit.sandbox.refused import _ALLOW, _FOR_OTHERS, _MACHINES, _REFUSE, _WHOLLY, _steps

REFUSED = "Operation not permitted"

LEAD = """
def begin(module, plain, tables):
    return None

def call(module, state, plain, tables):
    return getattr(module, plain["do"])(plain, tables)
"""

CODE = """
import ctypes
import os
import platform
import resource
import threading

def one(plain, tables):
    return 1

def keeps(plain, tables):
    key = ctypes.c_int(0x1234)
    ways = {
        "shared memory": lambda: libc.shmget(key, 4096, 0o1666),
        "semaphores": lambda: libc.semget(key, 1, 0o1666),
        "messages": lambda: libc.msgget(key, 0o1666),
        "queue": lambda: libc.mq_open(b"/left", os.O_CREAT | os.O_RDWR, 0o666, None),
        "key": lambda: libc.syscall(NUMBERS["add_key"], b"user", b"left", b"x", 1, -4),
    }
    return {name: said(way) for name, way in ways.items()}

def reaches(plain, tables):
    own = ctypes.create_string_buffer(b"forged!!")
    here, there = Piece(ctypes.addressof(own), 8), Piece(id(os.write), 8)
    pieces = (ctypes.byref(here), 1, ctypes.byref(there), 1, 0)
    ways = {
        "read": lambda: libc.process_vm_readv(os.getppid(), *pieces),
        "write": lambda: libc.process_vm_writev(os.getppid(), *pieces),
        "attach": lambda: libc.ptrace(16, os.getppid(), 0, 0),
        "take a pipe": lambda: libc.syscall(438, os.pidfd_open(os.getppid()), 3, 0),
        "limit": lambda: libc.prlimit(os.getppid(), 4, ctypes.byref(Piece(1, 1)), None),
        "slow down": lambda: libc.setpriority(0, os.getppid(), 5),
    }
    return {name: said(way) for name, way in ways.items()}

def said(way):
    return os.strerror(ctypes.get_errno()) if way() == -1 else "done"

def limits_itself(plain, tables):
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    return resource.getrlimit(resource.RLIMIT_NOFILE)

def says_more(plain, tables):
    threading.Timer(0.1, says_and_leaves).start()
    return 1

def says_and_leaves():
    for descriptor in range(3, 16):
        try:
            os.write(descriptor, b'{"value": "forged"}\\n' * 600)
        except OSError:
            pass
    os._exit(0)

libc = ctypes.CDLL(None, use_errno=True)
NUMBERS = {"add_key": 248 if platform.machine() == "x86_64" else 217}

class Piece(ctypes.Structure):
    _fields_ = [("at", ctypes.c_void_p), ("length", ctypes.c_size_t)]
"""

isolated = pytest.mark.skipif(isolation() is None, reason="neither bubblewrap nor namespaces work on this machine")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    lead = tmp_path_factory.mktemp("lead") / "lead.py"
    lead.write_text(LEAD, encoding="utf-8")
    with open_box({"answer.py": CODE}, lead, trusted=True) as box:
        yield box


@pytest.fixture
def begun(shared: Box) -> Iterator[Box]:
    shared.begin("answer.py", {}, {})
    yield shared
    shared.end()


def ask(box: Box, do: str) -> object:
    return box.call({"do": do}, {})


@isolated
def test_no_memory_queue_or_key_can_be_left_to_the_next_session(begun: Box) -> None:
    found = ask(begun, "keeps")

    assert found == dict.fromkeys(("shared memory", "semaphores", "messages", "queue", "key"), REFUSED)


@isolated
def test_the_process_that_owns_the_control_pipe_cannot_be_reached_into(shared: Box) -> None:
    for _ in range(2):
        shared.begin("answer.py", {}, {})
        found = ask(shared, "reaches")
        shared.end()

        assert found == dict.fromkeys(("read", "write", "attach", "take a pipe", "limit", "slow down"), REFUSED)


@isolated
def test_a_session_may_still_limit_itself(begun: Box) -> None:
    assert ask(begun, "limits_itself") == [32, 32]


@isolated
def test_what_a_session_says_beyond_its_answers_is_not_heard_as_the_next_ones(shared: Box) -> None:
    shared.begin("answer.py", {}, {})
    ask(shared, "says_more")
    time.sleep(0.5)
    shared.end()

    shared.begin("answer.py", {}, {})
    assert ask(shared, "one") == 1
    shared.end()


@pytest.mark.parametrize("machine", _MACHINES)
def test_every_jump_of_the_filter_ends_where_something_is_returned(machine: str) -> None:
    steps = list(struct.iter_unpack("=HBBI", _steps(*_MACHINES[machine])))
    *_, allow, look, own, refuse, allow_too = range(len(steps))

    calls = [at + 1 + steps[at][1] for at in range(4, allow)]

    assert [steps[at][3] for at in (allow, refuse, allow_too)] == [_ALLOW, _REFUSE, _ALLOW]
    assert calls == [refuse] * len(_WHOLLY) + [look] * len(_FOR_OTHERS)
    assert (2 + steps[1][2], 4 + steps[3][1], own + 1 + steps[own][1]) == (refuse, refuse, allow_too)


GRADER = """
import sys
from pathlib import Path

from scenarios.kit.sandbox.box import open_box

with open_box({"answer.py": "while True: pass"}, Path(sys.argv[1]), trusted=False) as box:
    print("ready", flush=True)
    box.begin("answer.py", {}, {})
"""


@isolated
def test_what_runs_in_a_box_dies_with_the_grader_however_that_ends(tmp_path: Path) -> None:
    lead, boxes = tmp_path / "lead.py", tmp_path / "boxes"
    lead.write_text(LEAD, encoding="utf-8")
    boxes.mkdir()
    own = {**os.environ, "TMPDIR": str(boxes), "PYTHONPATH": os.pathsep.join(sys.path)}
    grader = subprocess.Popen([sys.executable, "-c", GRADER, str(lead)], stdout=subprocess.PIPE, text=True, env=own)
    assert grader.stdout is not None
    assert grader.stdout.readline() == "ready\n"
    assert running_in(boxes)

    grader.kill()
    grader.communicate()

    end = time.monotonic() + 20.0
    while running_in(boxes) and time.monotonic() < end:
        time.sleep(0.1)
    assert not running_in(boxes)


def running_in(folder: Path) -> list[str]:
    """Ids of the processes whose command names something in a folder."""
    return [one.name for one in Path("/proc").iterdir() if one.name.isdigit() and f"{folder}/" in command_of(one)]


def command_of(process: Path) -> str:
    with suppress(OSError):
        return (process / "cmdline").read_bytes().decode("utf-8", "replace")
    return ""
