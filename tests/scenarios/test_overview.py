import json
import re
from pathlib import Path

import pytest

from pipelines.layout import Layout
from scenarios.catalogue import GRADED
from scenarios.overview.lines import LINES, chart, sentence
from scenarios.overview.page import write_overview

ROOT = Path(__file__).parents[2]


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout(tmp_path, home=tmp_path)


def reported(layout: Layout, name: str, **metrics: float) -> None:
    folder = layout.report(name)
    folder.mkdir(parents=True)
    (folder / "index.html").write_text("<p>")
    (folder / "metrics.json").write_text(json.dumps(metrics))


def test_a_scenario_that_ran_is_linked_with_its_figures_and_another_says_how_to_run_it(layout: Layout) -> None:
    reported(layout, "validation", claimed_auc=0.91, sealed_auc=0.7)

    page = write_overview(layout, ("validation", "drift")).read_text()

    assert 'href="validation/index.html"' in page
    assert "Claimed 0.910; the six months after it give 0.700." in page
    assert 'id="validation-line-wide"' in page
    assert "make scenario-drift" in page
    assert 'href="drift/index.html"' not in page


def test_every_link_of_the_page_leads_to_a_file(layout: Layout) -> None:
    for name in GRADED:
        reported(layout, name)

    page = write_overview(layout, GRADED)

    links = [link for link in re.findall(r'href="([^"#]+)"', page.read_text()) if "://" not in link]
    assert len(links) == len(GRADED)
    assert [link for link in links if not (page.parent / link).is_file()] == []


def test_a_report_without_its_figures_is_linked_without_a_chart(layout: Layout) -> None:
    reported(layout, "validation", traps=2.0)

    page = write_overview(layout, ("validation",)).read_text()

    assert 'href="validation/index.html"' in page
    assert "Claimed" not in page
    assert "<svg" not in page


def test_a_scenario_that_is_not_known_has_no_line() -> None:
    assert sentence("of mine", {"a": 1.0}) == ""
    assert chart("of mine", {"a": 1.0}) is None


def test_shares_are_per_cent_in_the_sentence_and_in_the_figure() -> None:
    shares = {"share_a_bigger_model": -0.137, "share_a_hyper_parameter_search": -0.001}
    metrics = {"baseline_auc": 0.6, "best_possible_auc": 0.8, "share_three_features_labels_reviewed": 0.8, **shares}

    drawn = chart("features", metrics)

    assert "a bigger model closes -14%; three features and reviewed labels 80%" in sentence("features", metrics)
    assert drawn is not None
    assert drawn.x_title == "per cent of the headroom closed"
    assert "a bigger model -14, a hyper-parameter search 0, three" in drawn.description


def test_every_graded_scenario_has_a_line() -> None:
    assert set(GRADED) <= set(LINES)


@pytest.mark.parametrize("name", LINES)
def test_the_metrics_that_a_scenario_writes_hold_what_its_line_shows(name: str) -> None:
    written = ROOT / "reports" / name / "metrics.json"
    if not written.is_file():
        # Telling it takes minutes and needs DVC's stages; CI does so before the tests.
        pytest.skip(f"the scenario has not been told; make scenario-{name} does it")
    metrics = json.loads(written.read_text(encoding="utf-8"))

    assert sentence(name, metrics)
    assert chart(name, metrics) is not None


def test_what_a_chart_shows_is_in_the_metrics_and_it_says_so_in_words() -> None:
    metrics = {one.metric: 1.0 for one in LINES["leakage"].dots}

    drawn = chart("leakage", metrics)

    assert drawn is not None
    assert drawn.description == "AUC: claimed 1.000, deployed 1.000, repaired 1.000"
