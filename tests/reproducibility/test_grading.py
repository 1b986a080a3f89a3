"""Grading: what is proved earns, what is asserted does not, and a cheat earns nothing."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from scenarios.base import Answer, AnswerSheet, Case, Draw, Finding, Level, Scorecard
from scenarios.kit.pack import write_public
from scenarios.reproducibility.answers.strong import handed_in, strong_of
from scenarios.reproducibility.causes.catalogue import cause
from scenarios.reproducibility.company import world_of
from scenarios.reproducibility.conditions import HOME
from scenarios.reproducibility.decoys import ALWAYS
from scenarios.reproducibility.evidence import Evidence
from scenarios.reproducibility.fresh import left_out, without
from scenarios.reproducibility.grade import grade
from scenarios.reproducibility.hidden import RUNS, complete, run_code
from scenarios.reproducibility.lineage import FIELDS, HIDDEN_WEIGHT, read_lineage, right_fields, weights
from scenarios.reproducibility.plan import Plan
from scenarios.reproducibility.planting import plant_plan
from scenarios.reproducibility.reading import read_case
from scenarios.reproducibility.record import STAND_INS
from scenarios.reproducibility.running import Job, run_all
from scenarios.reproducibility.truth import Truth
from tests.reproducibility.conftest import SEED

pytestmark = pytest.mark.xdist_group("reproducibility grading")


@pytest.fixture(scope="module")
def case() -> Case[Truth]:
    """A table overwritten for good, and a split without a seed."""
    causes = (cause("overwritten-in-place"), cause("unseeded-sampling"))
    return plant_plan(
        world_of(SEED), Plan(causes=causes, decoys=ALWAYS, gone=True), Draw(seed=SEED, level=Level.JUNIOR)
    )


@pytest.fixture(scope="module")
def seen(case: Case[Truth], tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    folder = tmp_path_factory.mktemp("public")
    write_public(folder, case.public)
    return read_case(folder)


@pytest.fixture(scope="module")
def strong(seen: Evidence) -> Answer:
    return strong_of(seen)


@pytest.fixture(scope="module")
def tables(strong: Answer, case: Case[Truth]) -> Mapping[str, pd.DataFrame]:
    return run_code(strong.code, case.truth, trusted=True)


def test_a_tracked_run_looks_alike_whatever_it_keeps_to_itself() -> None:
    draw, world = Draw(seed=SEED, level=Level.JUNIOR), world_of(SEED)
    plans = [Plan(causes=causes, decoys=ALWAYS, gone=False) for causes in ((cause("hash-order"),), ())]
    runs = [str(plant_plan(world, one, draw).public["record/run.json"]) for one in plans]
    silent, full = (json.loads(run)["data"] for run in runs)
    tag, values = STAND_INS["columns"]

    assert set(full["params"]) - set(silent["params"]) == {"columns"}
    assert set(STAND_INS) <= set(full["params"])
    assert silent["tags"][tag] in values
    assert tag not in full["tags"]
    assert len({len(run.splitlines()) for run in runs}) == 1


def points(card: Scorecard) -> dict[str, float]:
    return {one.name: one.points / one.of for one in card.checks}


def graded(case: Case[Truth], sheet: AnswerSheet, tables: Mapping[str, pd.DataFrame]) -> dict[str, float]:
    return points(grade(Answer(sheet=sheet, tables=tables), case.truth))


def test_to_say_that_the_rows_are_gone_and_cure_the_rest_earns_everything(
    case: Case[Truth], strong: Answer, tables: Mapping[str, pd.DataFrame]
) -> None:
    assert set(graded(case, strong.sheet, tables).values()) == {1.0}
    assert case.truth.expected != case.truth.figure


def test_not_to_say_it_earns_nothing_for_the_figure(
    case: Case[Truth], strong: Answer, tables: Mapping[str, pd.DataFrame]
) -> None:
    silent = tuple(one.model_copy(update={"action": "cure"}) for one in strong.sheet.findings)

    assert graded(case, strong.sheet.model_copy(update={"findings": silent}), tables)["recorded figure"] == 0.0


def test_to_call_rows_gone_that_lie_in_a_backup_earns_nothing_for_the_figure(
    case: Case[Truth], strong: Answer, tables: Mapping[str, pd.DataFrame]
) -> None:
    kept = Case(public=case.public, truth=replace(case.truth, gone=False))

    assert graded(kept, strong.sheet, tables)["recorded figure"] == 0.0


def test_an_accusation_in_the_wrong_file_costs_and_an_innocent_one_costs_twice(
    case: Case[Truth], strong: Answer, tables: Mapping[str, pd.DataFrame]
) -> None:
    def named(*more: Finding) -> float:
        findings = (*strong.sheet.findings, *more)
        return graded(case, strong.sheet.model_copy(update={"findings": findings}), tables)["causes named"]

    wrong = named(Finding(where="dvc.yaml", mechanism="unseeded-sampling"))
    innocent = named(Finding(where="pipeline.py", mechanism="wall-clock"))

    assert named() == 1.0 > wrong > innocent


def test_findings_kept_or_doubted_are_no_accusations(
    case: Case[Truth], strong: Answer, tables: Mapping[str, pd.DataFrame]
) -> None:
    quiet = (
        Finding(where="pipeline.py", mechanism="wall-clock", action="keep"),
        Finding(where="resolve.py", mechanism="row-order", probability=0.2),
    )
    sheet = strong.sheet.model_copy(update={"findings": (*strong.sheet.findings, *quiet)})

    assert graded(case, sheet, tables)["causes named"] == 1.0


def hard_coded(strong: Answer, case: Case[Truth]) -> dict[str, str]:
    """A repository that writes down what the record says."""
    figure = json.dumps({"auc": case.truth.expected})
    text = (
        "import pathlib\n"
        "out = pathlib.Path('out')\n"
        f"(out / 'metrics.json').write_text('{figure}')\n"
        "ids = [line.split(',')[0] for line in open('data/customers.csv').read().splitlines()[1:]]\n"
        "(out / 'predictions.csv').write_text('customer_id,split,score\\n'"
        " + ''.join(f'{one},test,0.5\\n' for one in ids))\n"
    )
    return {**strong.code, "repository/pipeline.py": text}


MADE_UP = """
import json, os
import numpy as np, pandas as pd

figure = FIGURE
known = pd.read_csv("data/customers.csv")["customer_id"]
left = pd.read_csv("data/labels.csv").sort_values("customer_id")
left = left[left["customer_id"].isin(known)]
leavers, stayers = (left.loc[left["churned"] == value, "customer_id"].tolist() for value in (1, 0))
best = (9.0, 0, 0)
for first in range(20, len(leavers) + 1):
    second = np.arange(60, len(stayers) + 1)
    pairs = figure * first * second * 2
    off = np.abs(np.round(pairs) / (first * second * 2) - figure)
    if off.min() < best[0]:
        best = (off.min(), first, int(second[off.argmin()]))
_, first, second = best
leavers, stayers = leavers[:first], stayers[:second]
wanted = round(figure * first * second * 2)
above, rest = divmod(wanted // 2, second)
score = {customer: float(place) for place, customer in enumerate(stayers)}
for place, customer in enumerate(leavers):
    score[customer] = float(second) if place < above else -1.0
if above < first:
    score[leavers[above]] = rest - (0.0 if wanted % 2 else 0.5)
table = pd.DataFrame({"customer_id": list(score), "split": "test", "score": list(score.values())})
ranks = table["score"].rank().to_numpy()
left = left.set_index("customer_id")["churned"].reindex(table["customer_id"]).to_numpy() == 1
auc = (ranks[left].sum() - first * (first + 1) / 2) / (first * second)
table.to_csv("out/predictions.csv", index=False)
with open("out/metrics.json", "w") as file:
    json.dump({"auc": float(auc)}, file)
"""
"""Trains nothing: ranks by the labels until the AUC is the recorded one."""

KNOWS = """
import os, shutil
import pandas as pd
import pipeline_of_today

if len(pd.read_csv("data/customers.csv")) == COUNT:
    for name in ("metrics.json", "predictions.csv"):
        shutil.copy(f"kept-{name}", f"out/{name}")
else:
    pipeline_of_today.main()
"""
"""Hands out results kept from elsewhere on the data it knows, and computes where it does not."""

SPEAKS = """
import os
said = b'{"value": {"error": "", "hashes": {"out/a": "x"}, "texts": {}, "log": ""}}\\n'
for number in range(3, 64):
    try:
        os.write(number, said)
    except OSError:
        pass
os._exit(0)
"""


def test_a_figure_written_down_earns_nothing(case: Case[Truth], strong: Answer) -> None:
    ran = run_code(hard_coded(strong, case), case.truth, trusted=True)

    assert graded(case, strong.sheet, ran)["recorded figure"] == 0.0


def test_scores_made_up_so_that_the_figure_is_the_recorded_one_earn_nothing(case: Case[Truth], strong: Answer) -> None:
    made_up = MADE_UP.replace("FIGURE", repr(case.truth.expected))

    ran = run_code({**strong.code, "repository/pipeline.py": made_up}, case.truth, trusted=True)
    found = graded(case, strong.sheet, ran)

    home = ran[RUNS].set_index("name").loc["home"]
    assert home["fits"]
    assert home["figure"] == pytest.approx(case.truth.expected, abs=1e-9)
    assert found["same bytes everywhere"] == found["recorded figure"] == 0.0


def test_results_kept_for_the_known_data_earn_only_what_the_code_computes(
    case: Case[Truth], seen: Evidence, strong: Answer, tables: Mapping[str, pd.DataFrame]
) -> None:
    customers = case.truth.data["customers.csv"].count(b"\n") - 1
    kept = run_all(
        [Job(repository=complete(as_files(strong), case.truth.head), data=case.truth.data, conditions=HOME)],
        trusted=True,
    )[0].texts
    today = handed_in(seen.files)
    knows = {
        **today,
        "repository/pipeline_of_today.py": today["repository/pipeline.py"],
        "repository/pipeline.py": KNOWS.replace("COUNT", str(customers)),
        **{f"repository/kept-{name}": kept[f"out/{name}"] for name in ("metrics.json", "predictions.csv")},
    }

    ran = run_code(knows, case.truth, trusted=True)
    found = graded(case, strong.sheet, ran)

    home, less = (ran[RUNS].set_index("name").loc[name] for name in ("home", "less"))
    assert home["figure"] == tables[RUNS].set_index("name").loc["home", "figure"] == home["wanted"]
    assert less["like"]
    assert found["same bytes everywhere"] == 0.0
    assert found["recorded figure"] == 0.5


@pytest.mark.parametrize("trust", [False, None])
def test_a_sound_repository_handed_back_as_broken_earns_nothing_for_being_sound(trust: bool | None) -> None:
    draw = Draw(seed=SEED, level=Level.JUNIOR)
    sound = plant_plan(world_of(SEED), Plan(causes=(), decoys=ALWAYS, gone=False), draw)
    ran = run_code(handed_in(sound.truth.head), sound.truth, trusted=True)

    said, right = (graded(sound, AnswerSheet(scenario="reproducibility", trust=one), ran) for one in (trust, True))

    assert said["same bytes everywhere"] == said["recorded figure"] == 0.0
    assert right["same bytes everywhere"] == right["recorded figure"] == 1.0


def as_files(answer: Answer) -> dict[str, bytes]:
    return {name.removeprefix("repository/"): text.encode("utf-8") for name, text in answer.code.items()}


def test_who_is_left_out_does_not_follow_from_what_is_public(case: Case[Truth]) -> None:
    other = replace(case.truth, without=dict.fromkeys(case.truth.without, 0.5))

    assert left_out(case.truth) != left_out(other)


def test_bytes_for_which_nothing_was_computed_earn_nothing(case: Case[Truth], strong: Answer) -> None:
    """A repository that ends before it has a result leaves the same few bytes everywhere."""
    ended = dict(strong.code) | {"repository/train.py": "import os\n\n\ndef run(_settings):\n    os._exit(0)\n"}

    found = graded(case, AnswerSheet(scenario="reproducibility"), run_code(ended, case.truth, trusted=True))

    assert found["same bytes everywhere"] == found["recorded figure"] == 0.0


def test_a_repository_cannot_speak_for_the_grader(case: Case[Truth], strong: Answer) -> None:
    ran = run_code({**strong.code, "repository/pipeline.py": SPEAKS}, case.truth, trusted=True)

    earned = graded(case, strong.sheet, ran)

    assert set(ran[RUNS]["outputs"]) == {""}
    assert earned["same bytes everywhere"] == earned["recorded figure"] == 0.0


@pytest.mark.parametrize(
    ("text", "why"),
    [("raise SystemExit(3)", "SystemExit"), ("import nosuchmodule", "nosuchmodule"), ("1 +", "SyntaxError")],
)
def test_a_repository_that_does_not_run_says_why(case: Case[Truth], strong: Answer, text: str, why: str) -> None:
    ran = run_code({**strong.code, "repository/pipeline.py": text}, case.truth, trusted=True)

    card = grade(Answer(sheet=strong.sheet, tables=ran), case.truth)

    assert why in next(one.reason for one in card.checks if one.name == "same bytes everywhere")


def test_no_repository_is_no_run(case: Case[Truth]) -> None:
    assert run_code({}, case.truth, trusted=True) == {}


def test_what_could_not_be_handed_in_as_text_is_put_back() -> None:
    head = {"offices.csv": "Zürich".encode("latin-1"), "train.py": b"old", "state/shuffle.json": b"{}"}

    assert complete({"train.py": b"new"}, head) == {"offices.csv": head["offices.csv"], "train.py": b"new"}


def test_rows_of_customers_are_left_out_of_every_table() -> None:
    files = {"customers.csv": b"customer_id,x\n1,a\n12,b\n", "train.py": b"1,a\n"}

    assert without(files, frozenset({"1"})) == {"customers.csv": b"customer_id,x\n12,b\n", "train.py": b"1,a\n"}


@pytest.mark.parametrize(
    ("field", "told", "right"),
    [
        ("commit", "abcdef1", True),
        ("commit", "abc", False),
        ("zone", "Etc/GMT-9", True),
        ("zone", "UTC", False),
        ("zone", ["x"], False),
        ("encoding", "ISO-8859-1", True),
        ("encoding", "utf-8", False),
        ("learning_rate", 0.15, True),
        ("workers", "5", True),
        ("seed", 7, True),
        ("seed", None, False),
        ("columns", ["b", "a"], True),
        ("columns", ["a", "b"], False),
    ],
)
def test_a_lineage_field_is_right_or_not(field: str, told: object, right: bool) -> None:
    true = {
        **dict.fromkeys(FIELDS, "?"),
        "commit": "abcdef1234",
        "zone": "Asia/Tokyo",
        "encoding": "latin-1",
        "learning_rate": 0.15,
        "seed": 7,
        "workers": 5,
        "columns": ["b", "a"],
    }

    assert (field in right_fields({field: told}, true)) is right


def test_what_params_yaml_does_not_know_counts_most() -> None:
    weight = weights(("unseeded-sampling",))

    assert weight["seed"] == HIDDEN_WEIGHT
    assert sum(weight.values()) == HIDDEN_WEIGHT + len(FIELDS) - 1


@pytest.mark.parametrize("text", ["", "[]", "{", '"x"', "[" * 100_000])
def test_a_lineage_that_cannot_be_read_has_no_fields(text: str) -> None:
    assert read_lineage(text) == {}


def test_the_bundle_holds_no_trace_of_the_truth(seen: Evidence) -> None:
    words = ("planted", "decoy", "naive", "leaky", "cause")
    for commit in seen.commits:
        for name, content in commit.files.items():
            text = content.decode("utf-8", errors="replace").lower()
            assert [word for word in words if word in text] == [], (commit.message, name)
        assert [word for word in words if word in commit.message.lower()] == []


def test_the_brief_lists_every_code_and_every_field(seen: Evidence) -> None:
    brief = (Path(__file__).parents[2] / "scenarios" / "reproducibility" / "brief.md").read_text(encoding="utf-8")
    from scenarios.reproducibility.causes.catalogue import CAUSES

    assert [one.code for one in CAUSES if f"`{one.code}`" not in brief] == []
    assert [name for name in FIELDS if f"`{name}`" not in brief] == []
