"""The proof of reproducibility: two clean clones, run under conditions as different as can be, give the same bytes."""

import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pipelines.dvc_cache import listing
from pipelines.errors import LabError, ToolError
from pipelines.flows.server import prefect_server
from pipelines.versions import recorded_hashes, reproduce

PROFILES: Mapping[str, Mapping[str, object]] = {"full": {}, "tiny": {"world.customers": 2000}}
"""Parameters changed before the clones run, by dotted name; `full` runs the commit as it is."""

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_ABSENT = "-"


@dataclass(frozen=True, kw_only=True, slots=True)
class Conditions:
    """What one clone runs under. `umask` is the file mode mask."""

    folder: str
    zone: str
    locale: str
    hash_seed: str
    threads: str
    umask: int

    def environment(self, clone: Path) -> dict[str, str]:
        """The variables that make these conditions; `clone` is imported before any other checkout."""
        threads = dict.fromkeys(_THREADS, self.threads)
        language = {"TZ": self.zone, "LANG": self.locale, "LC_ALL": self.locale}
        own = {"PYTHONPATH": str(clone), "DVC_SITE_CACHE_DIR": str(clone.parent / f"{self.folder} cache")}
        return {**threads, **language, **own, "PYTHONHASHSEED": self.hash_seed}


FIRST = Conditions(folder="first", zone="UTC", locale="C", hash_seed="0", threads="1", umask=0o022)
SECOND = Conditions(
    folder="second, elsewhere", zone="Pacific/Chatham", locale="C.UTF-8", hash_seed="4242", threads="4", umask=0o077
)
"""Chatham lies 12:45 or 13:45 h from UTC, so that dates taken in local time differ."""


def prove(root: Path, *stages: str, profile: str, keep: bool, say: Callable[[str], None]) -> bool:
    """Whether both clones of HEAD give the same bytes for every DVC output; says both lists of hashes.

    Named stages are run with what they stand on, all of them where none is named.

    Raises
    ------
    LabError
        For an unknown profile, or a parameter of the profile that the commit does not have.
    ToolError
        When the checkout cannot be cloned, or a run in a clone fails.
    """
    if profile not in PROFILES:
        raise LabError(f"There is no profile '{profile}'. Profiles: {', '.join(PROFILES)}.")
    _say_what(root, profile, say=say)
    with _workshop(keep=keep, say=say) as workshop:
        clones = [_clone(root, workshop / conditions.folder, PROFILES[profile]) for conditions in (FIRST, SECOND)]
        with prefect_server(workshop / "prefect"), ThreadPoolExecutor(max_workers=2) as both:
            list(both.map(partial(_run, stages), clones, (FIRST, SECOND)))
        return _compare(*clones, say=say)


def differing_files(first: Path, second: Path, path: str, hashes: tuple[str, str]) -> list[str]:
    """Names of the files that differ within an output that differs: the output itself, or files of a folder."""
    here, there = (listing(clone, digest) for clone, digest in zip((first, second), hashes, strict=True))
    if here is None or there is None:
        return [path]
    return [f"{path}/{name}" for name in sorted(here.keys() | there.keys()) if here.get(name) != there.get(name)]


def _say_what(root: Path, profile: str, *, say: Callable[[str], None]) -> None:
    commit = _git(root, "rev-parse", "--short=12", "HEAD")
    say(f"Two clean clones of {commit}, profile {profile}:")
    for conditions in (FIRST, SECOND):
        say(
            f"  {conditions.folder!r}: TZ={conditions.zone} LC_ALL={conditions.locale} threads={conditions.threads} "
            f"PYTHONHASHSEED={conditions.hash_seed} umask={conditions.umask:03o}"
        )
    if _git(root, "status", "--porcelain", "--untracked-files=no"):
        say("  Changes that are not committed are not part of the proof.")


@contextmanager
def _workshop(*, keep: bool, say: Callable[[str], None]) -> Iterator[Path]:
    if keep:
        folder = Path(tempfile.mkdtemp(prefix="lab-prove-"))
        say(f"  The clones stay in {folder}")
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="lab-prove-") as name:
        yield Path(name)


def _clone(root: Path, target: Path, changes: Mapping[str, object]) -> Path:
    _git(root, "clone", "--quiet", "--no-hardlinks", str(root), str(target))
    (target / "dvc.lock").unlink(missing_ok=True)  # every hash that is compared is made here
    if changes:
        _change_parameters(target / "params.yaml", changes)
    return target


def _change_parameters(file: Path, changes: Mapping[str, object]) -> None:
    import yaml

    parameters = yaml.safe_load(file.read_text(encoding="utf-8"))
    for name, value in changes.items():
        *sections, key = name.split(".")
        place = parameters
        for section in sections:
            place = place.get(section, {})
        if key not in place:
            raise LabError(f"{file.name} has no parameter '{name}', which the profile sets.")
        place[key] = value
    file.write_text(yaml.safe_dump(parameters, sort_keys=False), encoding="utf-8")


def _run(stages: Sequence[str], clone: Path, conditions: Conditions) -> None:
    lines: list[str] = []
    code = reproduce(
        clone, *stages, environment=conditions.environment(clone), show=lines.append, umask=conditions.umask
    )
    if code:
        end = "\n".join(lines[-30:])
        raise ToolError(f"The run in the clone '{conditions.folder}' failed with exit code {code}. Its end:\n{end}")


def _compare(first: Path, second: Path, *, say: Callable[[str], None]) -> bool:
    here, there = recorded_hashes(first), recorded_hashes(second)
    paths = sorted(here.keys() | there.keys())
    pairs = {path: (here.get(path, _ABSENT), there.get(path, _ABSENT)) for path in paths}
    for path, (one, other) in pairs.items():
        say(f"  {'same  ' if one == other else 'DIFFER'}  {one:<36}  {other:<36}  {path}")
    different = {path: pair for path, pair in pairs.items() if pair[0] != pair[1]}
    for path, pair in different.items():
        for name in differing_files(first, second, path, pair):
            say(f"  differs: {name}")
    say(_verdict(len(paths), len(different)))
    return bool(paths) and not different


def _verdict(total: int, different: int) -> str:
    if not total:
        return "The pipeline has no outputs, so nothing is proved."
    return f"{different} of {total} outputs differ." if different else f"All {total} outputs have the same bytes."


def _git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ToolError(f"git {arguments[0]} failed in {root}: {done.stderr.strip()}")
    return done.stdout.strip()
