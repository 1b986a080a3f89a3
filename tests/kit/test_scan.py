"""The look through a pack: each kind of trace is planted on purpose and found, and a clean pack is quiet."""

import base64
import gzip
import io
import os
import pickle
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.errors import LabError
from scenarios.base import Draw, Level
from scenarios.kit.fork.archive import archive_bytes, stamp, write_folder
from scenarios.kit.fork.parcel import Parcel
from scenarios.kit.fork.scan.known import Known, known
from scenarios.kit.fork.scan.scanner import refuse_traces, scan_archive, scan_folder
from scenarios.kit.fork.scan.trace import Trace

SEED = 5416082346707456941
SECRET = bytes(range(200, 232))
HOME, PERSON = "/home/gracehopper", "gracehopper"
TRUTH = {"name": "competitor_launch", "auc": 0.7312945821, "seed": SEED, "column": "visits"}


@pytest.fixture
def looked(wrap: Callable[..., Parcel]) -> Known:
    found = known(
        secret=SECRET,
        draw=Draw(seed=SEED, level=Level.MID),
        truth=TRUTH,
        candidate="Ada",
        constant=wrap().constant,
        expected=wrap().files,
    )
    return replace(found, paths=(HOME,), people=(PERSON,))


@pytest.fixture
def clean(wrap: Callable[..., Parcel], tmp_path: Path) -> Path:
    """The case's own files of a pack; what is the same in every pack is left out, to be quick."""
    folder = tmp_path / "pack"
    write_folder(folder, {name: content for name, content in wrap().files.items() if not name.startswith("lab/")})
    return folder


def kinds(traces: tuple[Trace, ...]) -> set[str]:
    return {trace.kind for trace in traces}


def table(**columns: Any) -> bytes:  # noqa: ANN401 - passed on
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer)
    return buffer.getvalue()


def with_metadata(target: str) -> bytes:
    schema = pa.schema([pa.field("a", pa.int64(), metadata={"note": "x"} if target == "field" else None)])
    made = pa.table({"a": [1, 2]}, schema=schema)
    if target == "file":
        made = made.replace_schema_metadata({"made_with": "plan"})
    if target == "pandas":
        made = pa.Table.from_pandas(pd.DataFrame({"a": [1, 2]}))
    buffer = io.BytesIO()
    pq.write_table(made, buffer)
    return buffer.getvalue()


def damaged() -> bytes:
    """A table whose footer is whole and whose rows are not."""
    whole = table(a=list(range(100)))
    return whole[:4] + bytes(60) + whole[64:]


def zipped(name: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(name, content)
    return buffer.getvalue()


def tarred(content: bytes, **member: Any) -> bytes:  # noqa: ANN401 - passed on
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as made:
        info = tarfile.TarInfo("inner.txt")
        info.size = len(content)
        for name, value in member.items():
            setattr(info, name, value)
        made.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def sorted_by_outcome() -> bytes:
    return table(customer_id=list(range(200)), churned=[0] * 140 + [1] * 60)


def dictionary_with(levels: list[str]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array([0, 1, 0], pa.int8()), pa.array(levels))


IN_FILES: list[tuple[str, str, bytes]] = [
    ("seed", "report.md", f"made with {SEED}".encode()),
    ("seed", "report.md", f"made with {SEED:x}".encode()),
    ("seed", "blob.bin", b"abc" + SEED.to_bytes(8, "little") + b"d"),
    ("seed", "blob.bin", b"abc" + SEED.to_bytes(8, "big") + b"d"),
    ("seed", "t.parquet", table(a=[1, SEED, 3])),
    ("seed", "t.parquet", table(a=["x", str(SEED)])),
    ("seed", "a.zip", zipped("inner.txt", str(SEED).encode())),
    ("seed", "a.tar.gz", tarred(str(SEED).encode())),
    ("seed", "a.gz", gzip.compress(str(SEED).encode(), mtime=0)),
    ("seed", "object", zlib.compress(str(SEED).encode())),
    ("seed", "nested.zip", zipped("a.gz", gzip.compress(str(SEED).encode(), mtime=0))),
    ("seed", "k.txt", SECRET.hex().encode()),
    ("seed", "k.bin", b"x" + SECRET),
    ("seed", "k.txt", base64.b64encode(SECRET)),
    ("name", "table.csv", b"customer_id,is_leak\n1,0\n"),
    ("name", "notes.md", b"the planted column"),
    ("name", "decoys.txt", b""),
    ("name", "t.parquet", table(target_copy=[1, 2])),
    ("name", "t.parquet", table(why=["competitor_launch", "none"])),
    ("figure", "report.md", b"it will be 0.7312945821 in production"),
    ("order", "t.parquet", sorted_by_outcome()),
    ("order", "t.csv", b"Unnamed: 0,a\n3,1\n1,2\n"),
    ("dtype", "t.parquet", table(plan=dictionary_with(["pro", "basic", "legacy"]))),
    ("dtype", "t.parquet", table(raw=pa.array([b"a", b"b"]))),
    ("Parquet metadata", "t.parquet", with_metadata("file")),
    ("Parquet metadata", "t.parquet", with_metadata("pandas")),
    ("Parquet metadata", "t.parquet", with_metadata("field")),
    ("Parquet metadata", "t.parquet", damaged()),
    ("archive metadata", "a.tar.gz", tarred(b"x", uname="someone", uid=1000)),
    ("file time", "a.zip", zipped("inner.txt", b"x")),
    ("pickle", "m.bin", pickle.dumps([1])),
    ("pickle", "model.pkl", b"x"),
    ("git history", ".git/objects/aa/bb", zlib.compress(b"blob 1\0x")),
    ("git history", "old.bundle", b"x"),
    ("git history", "fix.patch", b"x"),
    ("cache", "__pycache__/monitor.cpython-311.pyc", b"x"),
    ("cache", ".pytest_cache/v/lastfailed", b"x"),
    ("cache", ".ipynb_checkpoints/a.ipynb", b"x"),
    ("cache", ".DS_Store", b"x"),
    ("MLflow store", "mlruns/0/meta.yaml", b"x"),
    ("MLflow store", "mlflow.db", b"x"),
    ("DVC store", ".dvc/cache/files/md5/aa/bb", b"x"),
    ("DVC store", "dvc.lock", b"x"),
    ("stray file", "notes.txt", b"x"),
    ("path of this machine", "run.py", f"open('{HOME}/data')".encode()),
    ("user or machine name", "run.py", b"# by GraceHopper"),
]


@pytest.mark.parametrize(
    ("kind", "name", "content"), IN_FILES, ids=[f"{k}-{n}-{i}" for i, (k, n, _) in enumerate(IN_FILES)]
)
def test_a_trace_that_was_planted_is_found(clean: Path, looked: Known, kind: str, name: str, content: bytes) -> None:  # noqa: PLR0917 - fixtures
    path = clean / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    stamp(clean)

    found = scan_folder(clean, looked)

    assert kind in kinds(found)
    assert all(name.partition("/")[0] in trace.file for trace in found)


def test_a_clean_pack_is_quiet_in_a_folder_and_in_archives(
    clean: Path, looked: Known, wrap: Callable[..., Parcel]
) -> None:
    assert scan_folder(clean, looked) == ()
    for kind in (".zip", ".tar.gz"):
        assert scan_archive(f"p{kind}", archive_bytes(wrap().files, root="p", kind=kind), looked) == ()


def test_times_modes_and_links_are_traces(clean: Path, looked: Known) -> None:
    os.utime(clean / "BRIEF.md")
    (clean / "answer.yaml").chmod(0o600)
    (clean / "link").symlink_to("/etc/hostname")

    found = scan_folder(clean, looked)

    assert {"file time", "file mode", "link or special file"} <= kinds(found)


def test_an_archive_of_another_maker_tells_of_them(looked: Known, clean: Path, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "p.tar.gz", "w:gz") as made:
        made.add(clean, "p", filter=lambda one: one.replace(uname="someone", mtime=1_700_000_000, deep=False))

    found = scan_archive("p.tar.gz", (tmp_path / "p.tar.gz").read_bytes(), looked)

    assert {"archive metadata", "file time"} <= kinds(found)


def test_a_pack_that_is_too_large_is_found(clean: Path, looked: Known) -> None:
    with (clean / "table.parquet").open("wb") as made:
        made.truncate(31 << 20)

    assert "size" in kinds(scan_folder(clean, looked))


def test_a_word_that_packed_bytes_hold_by_chance_is_no_trace(clean: Path, looked: Known) -> None:
    """In a few megabytes of compressed numbers any four letters turn up: one fork in forty was refused for 'tRAp'."""
    packed = bytes(range(199))
    for chance in (b"\xff\x00tRAp\xfe\xff", b"\x9c\xc0leaKy\xff", b"\xe0 anna\x00\xff"):
        (clean / "BRIEF.md").write_bytes(packed + chance)
        stamp(clean)
        assert scan_folder(clean, replace(looked, people=("anna",))) == ()

    (clean / "BRIEF.md").write_bytes(packed + b"\xff\x00made by anna: a trap in usage\xff")
    stamp(clean)
    assert {"name", "user or machine name"} <= kinds(scan_folder(clean, replace(looked, people=("anna",))))


def test_a_trace_stops_the_pack_and_does_not_repeat_the_secret(clean: Path, looked: Known) -> None:
    (clean / "report.md").write_text(f"{SEED} {SECRET.hex()}")

    with pytest.raises(LabError, match=r"would give something away[^~]*seed: report\.md") as caught:
        refuse_traces(scan_folder(clean, looked))

    assert SECRET.hex() not in str(caught.value)
    assert str(SEED) not in str(caught.value)


def test_rows_in_any_other_order_are_no_trace(clean: Path, looked: Known) -> None:
    (clean / "table.parquet").write_bytes(table(customer_id=list(range(200)), churned=[0, 0, 1] * 66 + [0, 1]))
    stamp(clean)

    assert scan_folder(clean, looked) == ()


def test_the_candidates_own_name_may_stand_in_their_pack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "lovelace")
    made = {"secret": SECRET, "draw": Draw(seed=1, level=Level.MID), "truth": {}, "constant": (), "expected": ()}

    assert "lovelace" in known(candidate="Grace", **made).people
    assert "lovelace" not in known(candidate="Ada Lovelace", **made).people


def test_a_figure_that_is_handed_out_by_design_is_no_trace() -> None:
    made = {"secret": SECRET, "draw": Draw(seed=1, level=Level.MID), "candidate": "Ada", "constant": (), "expected": ()}

    assert known(truth=TRUTH, **made).figures == {"0.7312945821"}
    assert known(truth=TRUTH, told=("auc",), **made).figures == frozenset()
