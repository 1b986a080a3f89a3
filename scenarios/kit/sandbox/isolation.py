"""Walls around a child process: what it sees of the file system, and that it sees no network.

Bubblewrap builds them where it is installed. Else the same is done with util-linux: new namespaces for mounts, network,
processes and (unless we are root already) users; a new root that holds the interpreter, its libraries and the box,
all read-only; no capabilities and no way to gain any.
"""

import os
import secrets
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

import monitoring

_SYSTEM: Final = ("/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc/ld.so.cache")
_DEVICES: Final = ("/dev/null", "/dev/zero", "/dev/urandom")
_NOBODY: Final = "65534"
_NOBODIES: Final = range(1 << 20, 1 << 21)
"""User ids nobody has. Started by root, each box runs as one of its own: the limit on processes counts by user, and
there is none for root under another number in a user namespace.
"""

_PROBE_SECONDS: Final = 30.0

UMASK: Final = 0o022
"""Of a child and of what builds its walls: nobody can pass through the folders made on the way."""

SCRATCH: Final = "scratch"
"""Folder of a box that can be written to, where that was asked for."""

_FORGET: Final = """
import ctypes, os
call = ctypes.CDLL(None, use_errno=True)
def done(result):
    if result: raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
done(call.umount2(b"/.old", 2))
os.rmdir("/.old")
done(call.mount(None, b"/", None, 32 | 1 | 2, None))
"""
"""Lets go of the old root (2: at once) and closes the new one (remount, read-only, no set-user-id).

The tool `umount` needs /proc for that, and there is none inside.
"""


class Isolation(StrEnum):
    """How the walls are built."""

    BUBBLEWRAP = "bubblewrap"
    NAMESPACES = "namespaces"


@cache
def isolation() -> Isolation | None:
    """The first way of isolating that works on this machine; None where there is none. Tried out once, not guessed."""
    return next((kind for kind in Isolation if _works(kind)), None)


def walled(kind: Isolation, command: Sequence[str], box: Path, *, scratch_bytes: int = 0) -> list[str]:
    """The command behind walls: of the file system it sees its interpreter and `box` (at the same path), to read.

    With `scratch_bytes`, `box/scratch` is a folder in memory of that size, to write to.
    """
    return (_bubblewrap if kind is Isolation.BUBBLEWRAP else _namespaces)(command, box, scratch_bytes)


def readable(box: Path) -> list[str]:
    """What can be seen from inside, each at its own path: the system's libraries, Python, `monitoring` and the box."""
    own = [sys.base_prefix, sys.prefix, str(Path(monitoring.__file__).parent), str(box)]
    found = [path for path in (*_SYSTEM, *own) if Path(path).exists()]
    return [path for path in found if not any(Path(path) != Path(o) and _within(path, o) for o in found)]


def _within(path: str, other: str) -> bool:
    return Path(path).is_relative_to(other)


def _bubblewrap(command: Sequence[str], box: Path, scratch_bytes: int) -> list[str]:
    seen = [part for path in readable(box) for part in ("--ro-bind", path, path)]
    devices = [part for path in _DEVICES for part in ("--dev-bind", path, path)]
    root = os.geteuid() == 0
    walls = ("--as-pid-1", "--die-with-parent", "--new-session", "--cap-drop", "ALL")
    spaces = _SPACES if root else ("--unshare-all", "--uid", _NOBODY, "--gid", _NOBODY)
    become = [part for name in _TO_BECOME if root for part in ("--cap-add", name)]
    bare = _bare() if root else []
    paper = ("--perms", "1777", "--size", str(scratch_bytes), "--tmpfs", str(box / SCRATCH)) if scratch_bytes else ()
    inside = ("--remount-ro", "/", "--chdir", str(box))
    return ["bwrap", *walls, *spaces, *become, *seen, *devices, *paper, *inside, "--", *bare, *command]


_SPACES: Final = ("--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try")
_TO_BECOME: Final = ("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP")
"""What root needs to become nobody and to let go of everything else."""


_MORTAL: Final = ("--pdeathsig", "KILL")
"""To be killed when the parent ends, however it ends: nobody is left to keep a candidate's code within its time."""


def _bare() -> list[str]:
    """Become nobody where we are root, let go of every capability and of every way to gain one, die with the parent.

    Whoever becomes another user is no longer bound to die with its parent, so that is asked for here once more.
    """
    who = str(_NOBODIES[secrets.randbelow(len(_NOBODIES))])
    nobody = ["--reuid", who, "--regid", who, "--clear-groups"] if os.geteuid() == 0 else []
    return ["setpriv", *nobody, "--no-new-privs", "--inh-caps=-all", "--bounding-set=-all", *_MORTAL]


def _namespaces(command: Sequence[str], box: Path, scratch_bytes: int) -> list[str]:
    root = os.geteuid() == 0
    spaces = ["unshare", "--mount", "--net", "--ipc", "--uts", "--pid", "--fork", "--kill-child"]
    users = [] if root else ["--user", "--map-root-user"]
    within = ["sh", "-ec", _new_root(box, scratch_bytes), "sh", *_bare()]
    return ["setpriv", *_MORTAL, *spaces, *users, "--", *within, *command]


def _new_root(box: Path, scratch_bytes: int) -> str:
    """A shell script that builds the new root, moves into it, and becomes the command it is given."""
    root = shlex.quote(str(box / "root"))
    lines = [f"mount -t tmpfs -o size=1m,mode=755,nosuid new {root}", f"cd {root}"]
    for path in readable(box):
        lines += _bound(path)
    for path in _DEVICES:
        lines += [f"mkdir -p .{Path(path).parent}", f"touch .{path}", f"mount --bind {path} .{path}"]
    if scratch_bytes:
        paper = shlex.quote(f".{box / SCRATCH}")
        lines.append(f"mount -t tmpfs -o size={scratch_bytes},mode=1777,nosuid,nodev scratch {paper}")
    forget = f"{shlex.quote(sys.executable)} -I -c {shlex.quote(_FORGET)}"
    lines += ["mkdir .old", "pivot_root . .old", forget, f"cd {shlex.quote(str(box))}", 'exec "$@"']
    return "\n".join(lines)


def _bound(path: str) -> list[str]:
    """One folder or file, at the same path below, to read only."""
    here, there = shlex.quote(path), shlex.quote(f".{path}")
    parent = shlex.quote(f".{Path(path).parent}")
    made = f"mkdir -p {there}" if Path(path).is_dir() else f"mkdir -p {parent}; touch {there}"
    closed = f"mount -o remount,bind,ro {there} || mount -o remount,bind,ro,nosuid,nodev {there}"
    return [made, f"mount --bind {here} {there}", closed]


def _works(kind: Isolation) -> bool:
    import tempfile

    tool = "bwrap" if kind is Isolation.BUBBLEWRAP else "unshare"
    if shutil.which(tool) is None:
        return False
    with tempfile.TemporaryDirectory() as folder:
        box = opened(Path(folder))
        try:
            done = subprocess.run(
                walled(kind, [sys.executable, "-I", "-c", "import os, numpy; print(os.getpid())"], box),
                capture_output=True,
                timeout=_PROBE_SECONDS,
                umask=UMASK,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return False
    return done.returncode == 0 and done.stdout.strip() == b"1"


def opened(folder: Path) -> Path:
    """A folder made into a box: everybody may look into it, and it has a place for the new root."""
    box = folder.resolve()
    box.chmod(0o755)
    (box / "root").mkdir()
    return box
