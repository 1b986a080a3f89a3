"""Signs that somebody worked on the grader instead of the exercise: named in the report, and never a verdict.

They are looked for after the fact in names, sizes and the text of code. Nothing here decides a score: what cheats
could win is closed elsewhere, since only data leaves the sandbox and nothing of a candidate's is imported or loaded.
"""

import ast
import os
import stat
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Final

from scenarios.kit.fork.identity import Identity, digest
from scenarios.kit.grade.words import Sign

MOST_ENTRIES: Final = 20_000
LARGE: Final = 64 << 20
"""Bytes from which on a file is named as large and not read."""

_DATA: Final = "altered data"

_UNREAD: Final = (".venv", ".git", "__pycache__", "venv", "node_modules")
_RUNNER: Final = ("conftest.py", "sitecustomize.py", "usercustomize.py", "pytest.ini", "tox.ini", "setup.cfg")
_VERDICTS: Final = ("scorecard.json", "interviewer.html", "candidate.html", "ranking.json", "truth.json")
_PICKLES: Final = (".pkl", ".pickle", ".joblib", ".dill")

_MODULES: Final = {
    "network": ("socket", "urllib", "http", "requests", "ftplib", "smtplib", "ssl", "asyncio"),
    "processes": ("subprocess", "multiprocessing", "threading", "concurrent", "pty"),
    "pickles": ("pickle", "dill", "joblib", "cloudpickle", "marshal", "shelve"),
    "grader's insides": ("inspect", "gc", "ctypes", "importlib", "builtins", "__main__", "lead", "inside", "resource"),
    "the lab's generator": ("pipelines", "scenarios"),
}
_CALLS: Final = {
    "leaves the process": ("_exit", "exit", "abort", "kill", "killpg"),
    "processes": ("fork", "forkpty", "system", "popen", "spawnl", "execv"),
    "files": ("write_text", "write_bytes", "mkdir", "symlink", "unlink", "remove", "truncate", "chmod", "touch"),
    "grader's insides": ("_getframe", "get_objects", "settrace", "setprofile", "globals"),
}


def signs(
    folder: Path, identity: Identity, code: Mapping[str, str], *, handed_in: Collection[str] = ()
) -> tuple[Sign, ...]:
    """Every sign in a folder that came back, in order; files `handed_in` as the answer are meant to be other ones.

    Of code, only signs in lines that were not handed out: what the exercise itself does is not the candidate's.
    """
    history = _history(folder, identity)
    found = [
        *_files(folder, identity, handed_in),
        *(sign for name, text in code.items() for sign in code_signs(name, text) if not _given(sign, text, history)),
    ]
    return tuple(dict.fromkeys(found))


def _history(folder: Path, identity: Identity) -> bytes:
    """The bundles of a pack that came back as they went out. The lab stores files in them as they are, not deflated."""
    places = [folder / name for name in identity.files if name.endswith(".bundle") and "/" not in name]
    regular = [one for one in places if not one.is_symlink() and one.is_file() and one.stat().st_size <= LARGE]
    contents = {one.name: one.read_bytes() for one in regular}
    return b"".join(content for name, content in contents.items() if digest(content) == identity.files[name])


def _given(sign: Sign, text: str, history: bytes) -> bool:
    """Whether the line that shows a sign stands in what was handed out."""
    line = text.split("\n")[int(sign.where.rpartition(":")[2]) - 1].rstrip("\r")
    return f"{line}\n".encode() in history


def _files(folder: Path, identity: Identity, handed_in: Collection[str]) -> Iterator[Sign]:
    count = 0
    for name, status in _walk(folder):
        if (count := count + 1) > MOST_ENTRIES:
            yield Sign(what="many files", where=".", says=f"more than {MOST_ENTRIES:,}; the rest was not looked at")
            return
        found = _file(folder, name, status, identity)
        yield from (sign for sign in found if not (sign.what == _DATA and name in handed_in))


def _file(folder: Path, name: str, status: os.stat_result | None, identity: Identity) -> Iterator[Sign]:
    base = Path(name).name
    if status is None:
        yield _closed(name)
    elif stat.S_ISLNK(status.st_mode):
        yield Sign(
            what="symbolic link", where=name, says=f"points to {str((folder / name).readlink())[:120]}; not followed"
        )
    elif not stat.S_ISREG(status.st_mode):
        yield Sign(what="special file", where=name, says="neither a file nor a folder; not opened")
    elif status.st_size > LARGE:
        yield Sign(what="large file", where=name, says=f"{status.st_size:,} bytes; not read")
    elif name in identity.files:
        yield from _altered(folder, name, identity)
    else:
        yield from _added(name, base)


def _altered(folder: Path, name: str, identity: Identity) -> Iterator[Sign]:
    """A file that was handed out and is another one now, where it is none that is to be filled in."""
    try:
        if digest((folder / name).read_bytes()) == identity.files[name]:
            return
    except OSError:
        yield _closed(name)
        return
    if name.startswith(("tests/", "lab/")) or name == "Makefile":
        yield Sign(what="altered check", where=name, says="the check was changed; the graders' own was used")
    elif name.endswith((".parquet", ".csv")):
        yield Sign(what=_DATA, where=name, says="data were changed; the case's own were used")


def _closed(name: str) -> Sign:
    return Sign(what="closed to us", where=name, says="may not be opened; nothing of it was looked at")


def _added(name: str, base: str) -> Iterator[Sign]:
    if base in _RUNNER:
        yield Sign(
            what="patched test runner", where=name, says="changes how tests run; no test of the pack is run here"
        )
    if base in _VERDICTS:
        yield Sign(what="forged verdict", where=name, says="a verdict was handed in; it was not read")
    if base.endswith(_PICKLES):
        yield Sign(what="pickle", where=name, says="not opened")


def _walk(folder: Path) -> Iterator[tuple[str, os.stat_result | None]]:
    """Relative names of everything that is no folder, links not followed; None for what may not be looked at."""
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        try:
            inside = sorted(here.iterdir())
        except OSError:
            yield here.relative_to(folder).as_posix(), None
            continue
        for path in inside:
            status = _status(path)
            if status is not None and stat.S_ISDIR(status.st_mode):
                waiting += [] if path.name in _UNREAD else [path]
            else:
                yield path.relative_to(folder).as_posix(), status


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.lstat()
    except OSError:
        return None


def code_signs(name: str, text: str) -> Iterator[Sign]:
    """What an answer's code reaches for that no answer needs."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    modules = {
        alias.asname or alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 1)
        for what, said in (*_node(node), *_replaced(node, modules)):
            yield Sign(what=f"code reaches for {what}", where=f"{name}:{line}", says=said)


def _node(node: ast.AST) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
        for module in names:
            yield from ((what, f"imports {module}") for what, own in _MODULES.items() if module.split(".")[0] in own)
    elif isinstance(node, ast.Call):
        yield from _called(node)
    elif isinstance(node, ast.FunctionDef) and node.name in ("__eq__", "__lt__", "__gt__", "__reduce__", "__hash__"):
        yield "comparisons", f"defines {node.name}"
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _host_path(node.value):
        yield "files", f"names {node.value[:60]!r}"


def _replaced(node: ast.AST, modules: Collection[str]) -> Iterator[tuple[str, str]]:
    """Parts of imported modules that are put out for others."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Attribute) and getattr(target.value, "id", "") in modules:
                yield "grader's insides", f"replaces {ast.unparse(target)}"


def _called(node: ast.Call) -> Iterator[tuple[str, str]]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    for what, own in _CALLS.items():
        if name in own:
            yield what, f"calls {name}"
    if name in ("open", "eval", "exec", "compile", "__import__"):
        yield "files" if name == "open" else "grader's insides", f"calls {name}"


def _host_path(text: str) -> bool:
    return text.startswith(("/proc", "/etc", "/home", "/root", "/tmp", "/dev", "/var", "~", "../"))  # noqa: S108
