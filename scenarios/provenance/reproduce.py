"""A recorded run made once more in a clean place, from git, DVC and MLflow alone, and held against its record."""

import hashlib
import platform
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from pipelines.dvc_cache import check_out, is_cached
from pipelines.errors import LabError, ToolError
from pipelines.flows.server import prefect_server
from pipelines.lineage import Lineage
from pipelines.versions import recorded_hashes, reproduce
from scenarios.provenance.compare import Output, compare, figures_off
from scenarios.provenance.find import NOT_RECORDED, Found, find, git, resolve

_LAST_LINES: Final = 30


def reproduce_run(root: Path, run: str, *, remake: bool, keep: bool, say: Callable[[str], None]) -> bool:
    """Whether a recorded run comes back byte for byte; says what it came from and exactly what differs.

    Parameters
    ----------
    remake
        Make its inputs from their own stages too, instead of taking them from the DVC cache.
    keep
        Leave the clone on disk.

    Raises
    ------
    LabError
        Where the record is of no use: no such run, changes never committed, a commit or an input that is gone.
    ToolError
        When the run in the clone fails.
    """
    found = find(root, run)
    commit = usable(root, found, remake=remake)
    with _workshop(keep=keep, say=say) as workshop:
        clone = _clone(root, commit, workshop / "clone")
        _say_what(root, clone, found, say=say)
        if not remake:
            for path, digest in found.lineage.inputs.items():
                check_out(root, digest, clone / path)
        say(f"  running it{' and all it stands on' if remake else ', its inputs taken from the DVC cache'}")
        _run(clone, found.lineage.stage, remake=remake)
        return _verdict(root, clone, found, remake=remake, say=say)


def usable(root: Path, found: Found, *, remake: bool) -> str:
    """The commit of a run that can be made again. Raises LabError for one that cannot, and says what to do."""
    one = found.lineage
    if one.commit is None:
        raise LabError(
            f"'{one.stage}' was made outside a git checkout, so nobody knows with which code. Run it in one."
        )
    if one.dirty:
        raise LabError(
            f"'{one.stage}' was made from {one.commit[:12]} with changes that were not committed, which are in no "
            "history. Commit them and run it again; what the commit itself recorded is "
            f"{one.commit[:12]}:{found.name}."
        )
    commit = resolve(root, one.commit)
    missing = (
        [] if remake else [f"{path} ({digest})" for path, digest in one.inputs.items() if not is_cached(root, digest)]
    )
    if missing:
        raise LabError(
            f"The DVC cache does not hold what '{one.stage}' read: {', '.join(missing)}. Bring it back (dvc fetch), or "
            "make the inputs anew from their own stages: --remake."
        )
    return commit


@contextmanager
def _workshop(*, keep: bool, say: Callable[[str], None]) -> Iterator[Path]:
    if keep:
        folder = Path(tempfile.mkdtemp(prefix="lab-reproduce-"))
        say(f"The clone stays in {folder}")
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="lab-reproduce-") as name:
        yield Path(name)


def _clone(root: Path, commit: str, target: Path) -> Path:
    """The commit alone, in a repository of its own; it need not be on any branch."""
    target.mkdir()
    git(target, "init", "--quiet")
    git(target, "-c", "protocol.version=2", "fetch", "--quiet", "--depth=1", str(root.resolve()), commit)
    git(target, "-c", "advice.detachedHead=false", "checkout", "--quiet", "--detach", "FETCH_HEAD")
    return target


def _say_what(root: Path, clone: Path, found: Found, *, say: Callable[[str], None]) -> None:
    one = found.lineage
    say(f"{one.stage}, told by {found.told_by}: commit {(one.commit or '')[:12]}, in a clean clone")
    for line in _surroundings(root, clone, one):
        say(f"  {line}")


def _surroundings(root: Path, clone: Path, one: Lineage) -> Iterator[str]:
    """What is not as it was, as far as a clone cannot bring it back."""
    if _sha256(clone / "requirements.lock") != one.lock_sha256:
        yield "packages: the lock of the commit is not the one that was recorded"
    if _sha256(root / "requirements.lock") != one.lock_sha256:
        yield "packages: this checkout's lock is another one now; the run uses what is installed here"
    here = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    then = f"{one.python} on {one.platform}"
    if one.python != NOT_RECORDED and here != then:
        yield f"python: recorded with {then}, now {here}"


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""


def _run(clone: Path, stage: str, *, remake: bool) -> None:
    """Run the stage in the clone: alone, or with all that it stands on."""
    alone = () if remake else ("--single-item", "--force")
    lines: list[str] = []
    own = {"PYTHONPATH": str(clone), "DVC_SITE_CACHE_DIR": str(clone.parent / "site cache")}
    with prefect_server(clone.parent / "prefect"):
        code = reproduce(clone, *alone, stage, environment=own, show=lines.append)
    if code:
        end = "\n".join(lines[-_LAST_LINES:])
        raise ToolError(f"'{stage}' does not run again in a clean clone (exit code {code}). Its end:\n{end}")


def _verdict(root: Path, clone: Path, found: Found, *, remake: bool, say: Callable[[str], None]) -> bool:
    one, now = found.lineage, recorded_hashes(clone)
    inputs = compare(one.inputs, _of(now, one.inputs), root=root, clone=clone) if remake else ()
    outputs = compare(one.outputs, _of(now, one.outputs), root=root, clone=clone)
    for kind, every in (("input", inputs), ("output", outputs)):
        for each in every:
            _say_output(kind, each, say=say)
    off = figures_off(found.metrics, clone / "reports" / found.name / "metrics.json")
    for line in off:
        say(f"  tracked figure {line}")
    different = sum(not each.same for each in outputs)
    say(_summary(len(outputs), different, len(off)))
    return bool(outputs) and not different and not off and all(each.same for each in inputs)


def _of(hashes: dict[str, str], wanted: dict[str, str]) -> dict[str, str]:
    return {path: hashes[path] for path in wanted if path in hashes}


def _say_output(kind: str, one: Output, *, say: Callable[[str], None]) -> None:
    say(f"  {'same  ' if one.same else 'DIFFER'}  {one.recorded:<36}  {kind:<6}  {one.path}")
    for line in one.differences:
        say(f"            {line}")


def _summary(total: int, different: int, off: int) -> str:
    if not total:
        return "The record names no outputs, so nothing is proved."
    if different:
        return f"It does not come back: {different} of {total} outputs differ."
    if off:
        return f"All {total} outputs have the recorded bytes, but {off} figures in MLflow are not theirs."
    return f"It comes back: all {total} outputs have the bytes that were recorded."
