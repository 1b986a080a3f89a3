"""Child processes end with their parent, grandchildren included."""

import os
import subprocess
import sys
import time
from pathlib import Path

from pipelines.tethered import tethered

PATIENCE_SECONDS = 20.0

GRANDCHILD = """
import subprocess, sys, time
grandchild = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(grandchild.pid, flush=True)
time.sleep(600)
"""

PARENT = """
import sys, time, os
from pathlib import Path
from pipelines.tethered import tethered
with tethered("family", environment={"PYTHONPATH": sys.argv[1]}) as child:
    print(child.pid, flush=True)
    time.sleep(600)
"""


def ended(pid: int) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        if Path(f"/proc/{pid}/stat").exists() and Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z":
            return True
        time.sleep(0.05)
    return False


def test_child_and_grandchild_end_when_the_parent_is_killed(tmp_path: Path) -> None:
    (tmp_path / "family.py").write_text(GRANDCHILD)
    with subprocess.Popen([sys.executable, "-c", PARENT, str(tmp_path)], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        family = [int(parent.stdout.readline()), int(parent.stdout.readline())]
        parent.kill()

    assert all(ended(pid) for pid in family)


def test_child_and_grandchild_end_with_the_block(tmp_path: Path) -> None:
    (tmp_path / "family.py").write_text(GRANDCHILD)

    with tethered("family", environment={"PYTHONPATH": str(tmp_path)}, output=subprocess.PIPE) as child:
        assert child.stdout is not None
        grandchild = int(child.stdout.readline())

    assert child.returncode is not None
    assert ended(grandchild)


def test_a_child_that_ends_by_itself_hands_over_its_output_and_code(tmp_path: Path) -> None:
    (tmp_path / "short.py").write_text("import sys; print(sys.argv[1:]); sys.exit(3)")

    with tethered("short", "a b", environment={"PYTHONPATH": str(tmp_path)}, output=subprocess.PIPE) as child:
        assert child.stdout is not None
        said = child.stdout.read().decode()
        child.wait()

    assert said.strip() == "['a b']"
    assert child.returncode == 3


def test_the_working_folder_is_not_on_the_childs_path_but_is_its_folder(tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('shadowed')")
    (tmp_path / "module").mkdir()
    (tmp_path / "module" / "where.py").write_text("import json, os; print(os.getcwd())")

    with tethered(
        "where", environment={"PYTHONPATH": str(tmp_path / "module")}, output=subprocess.PIPE, folder=tmp_path
    ) as child:
        assert child.stdout is not None
        assert child.stdout.read().decode().strip() == str(tmp_path.resolve())
