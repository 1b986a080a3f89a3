"""Each tool underneath is used once for real, so that a bad set of packages is caught by the tool's name."""

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from pipelines.environment import quiet
from pipelines.flows.server import prefect_server

EVIDENTLY = """
import numpy as np, pandas as pd
from evidently import DataDefinition, Dataset, Report
from evidently.presets import DataDriftPreset
rng = np.random.default_rng(0)
definition = DataDefinition(numerical_columns=["usage"], categorical_columns=["plan"])
def table(mean):
    usage = rng.normal(mean, 1.0, 300)
    return Dataset.from_pandas(pd.DataFrame({"usage": usage, "plan": np.where(usage > 0, "a", "b")}), definition)
report = Report([DataDriftPreset(num_method="ks", cat_method="chisquare")]).run(table(2.0), table(0.0))
report.save_html("drift.html")
assert "usage" in open("drift.html").read()
assert report.dict()["metrics"][0]["value"]["count"] == 2, report.dict()["metrics"][0]
"""

MLFLOW = """
import mlflow
from pipelines.tracking import log_model, load, open_store, register, run, set_alias, version_of
import lightgbm, numpy as np, pandas as pd, pathlib
table = pd.DataFrame({"usage": np.arange(50.0)})
booster = lightgbm.train({"verbose": -1, "num_threads": 1}, lightgbm.Dataset(table, table["usage"] > 20), 5)
store = open_store(pathlib.Path.cwd())
with run(store, "once") as now:
    now.log_series({"auc": {0: 0.8, 1: 0.7}})
    address = log_model(now, booster, features=table.head(), scores=booster.predict(table.head()))
set_alias(store, "champion", register(store, address))
assert version_of(store, "champion") == 1
assert (load(store, "champion").predict(table) == booster.predict(table)).all()
"""

PREFECT = """
from prefect import flow, task
from prefect.artifacts import Artifact, create_markdown_artifact
@task(retries=1)
def note(): create_markdown_artifact(key="once", markdown="# 1")
@flow
def once(): note()
once()
assert Artifact.get("once").data == "# 1"
"""

DVC = """
import pathlib, subprocess, sys
pathlib.Path("params.yaml").write_text("drift: {dose: 1}")
pathlib.Path("dvc.yaml").write_text('''
stages:
  scenario:
    matrix: {name: [drift]}
    cmd: echo 1 > ${item.name}
    params: ["${item.name}"]
    outs: ["${item.name}"]
''')
dvc = [sys.executable, "-m", "dvc"]
subprocess.run([*dvc, "init", "--no-scm", "--quiet"], check=True)
subprocess.run([*dvc, "repro", "scenario@drift"], check=True)
from pipelines.versions import changed_stages, recorded_hashes
assert changed_stages(pathlib.Path.cwd(), "scenario@drift") == ()
assert list(recorded_hashes(pathlib.Path.cwd())) == ["drift"]
"""

LEARNERS = """
import numpy as np, lightgbm
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
x = np.random.default_rng(0).normal(size=(500, 3)); y = x[:, 0] > 0
settings = {"objective": "binary", "verbose": -1, "num_threads": 1, "deterministic": True, "force_row_wise": True}
assert roc_auc_score(y, lightgbm.train(settings, lightgbm.Dataset(x, y), 10).predict(x)) > 0.99
assert LogisticRegression().fit(x, y).score(x, y) > 0.95
"""

XDIST = """
import pathlib, subprocess, sys
pathlib.Path("test_group.py").write_text('''
import os, pytest
@pytest.mark.xdist_group("one")
@pytest.mark.parametrize("turn", range(6))
def test_turn(turn):
    open(os.environ["PYTEST_XDIST_WORKER"], "w").close()
''')
done = subprocess.run([sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadgroup", "."])
assert done.returncode == 0
made = sorted(file.name for file in pathlib.Path.cwd().glob("gw*"))
assert len(made) == 1, f"the tests of one group ran in {made}"
"""


def use_once(tool: str, script: str, folder: Path) -> None:
    """Run a script in a process of its own; fail with the tool's name and the end of what it said."""
    done = subprocess.run([sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        end = "\n".join((done.stdout + done.stderr).splitlines()[-12:])
        pytest.fail(
            f"{tool} {version(tool)} does not work with the packages installed beside it:\n{end}", pytrace=False
        )


SCRIPTS = {"evidently": EVIDENTLY, "mlflow": MLFLOW, "dvc": DVC, "lightgbm": LEARNERS, "pytest-xdist": XDIST}


@pytest.mark.parametrize("tool", SCRIPTS)
def test_the_tool_works_with_the_packages_beside_it(tool: str, tmp_path: Path) -> None:
    quiet()
    use_once(tool, SCRIPTS[tool], tmp_path)


def test_prefect_works_with_the_packages_beside_it(tmp_path: Path) -> None:
    quiet()
    with prefect_server(tmp_path / "prefect"):
        use_once("prefect", PREFECT, tmp_path)
    assert "PREFECT_API_URL" not in os.environ


def test_a_tool_that_fails_is_named_with_its_version(tmp_path: Path) -> None:
    with pytest.raises(pytest.fail.Exception, match=rf"^dvc {version('dvc')} does not work.*\n(?s:.*)no such thing"):
        use_once("dvc", "raise ImportError('no such thing')", tmp_path)
