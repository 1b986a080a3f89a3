"""The audit on the page and in the terminal."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from monitoring.leakage.vocabulary import Audit, ColumnVerdict, Depth, Mechanism, Score
from scenarios.audit.page import render
from scenarios.audit.plots import scores
from scenarios.audit.report import Report
from scenarios.audit.telling import ADVICE, verdict
from scenarios.audit.terminal import print_report

MakeAudit = Callable[..., Audit]

NASTY = "<script>alert('x')</script>[bold]"


def report(audit: Audit, **changes: object) -> Report:
    usual = {
        "audit": audit,
        "table": "table.csv",
        "target": "churned",
        "command": "lab audit table.csv --target churned",
    }
    return Report(**(usual | changes))


def printed(audit: Audit, width: int = 80) -> str:
    out = io.StringIO()
    print_report(report(audit, notes=("read so",), hints=("say --id",)), Console(file=out, width=width), Path("x.html"))
    return out.getvalue()


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_the_verdict_says_what_was_found_what_it_costs_and_what_to_do(sample_audit: MakeAudit) -> None:
    said = verdict(report(sample_audit()))

    assert said.found == f"1 column gives the outcome away: fee. 1 column is suspect: {NASTY}."
    assert said.costs == (
        "AUC 0.950 (0.930 to 0.970) with it and 0.780 (0.750 to 0.810) without, each entity on one side: "
        "the leak is worth 0.170 of AUC."
    )
    assert said.next.startswith("Rebuild or drop what leaks")
    assert said.kind == "critical"


def test_a_clean_table_is_told_how_far_that_goes(clean_audit: MakeAudit) -> None:
    said = verdict(report(clean_audit()))

    assert said.found == "No leak was found in 1 column, as far as the table alone can show."
    assert "--serving" in said.next
    assert said.kind == "ok"


def test_a_random_split_that_flatters_is_named(clean_audit: MakeAudit) -> None:
    by = clean_audit().scores
    lower = replace(by[1], all_columns=Score(auc=0.85, low=0.82, high=0.88))

    assert "promise" not in verdict(report(clean_audit())).costs
    assert verdict(report(clean_audit(scores=(by[0], lower)))).costs.endswith("A random split would promise 0.970.")


def test_at_the_deepest_nothing_more_is_asked_for(clean_audit: MakeAudit) -> None:
    assert verdict(report(clean_audit(depth=Depth.EVENTS))).next == ""


def test_every_mechanism_has_advice() -> None:
    assert set(Mechanism) - set(ADVICE) == {Mechanism.NONE}


def test_the_page_escapes_what_people_wrote(sample_audit: MakeAudit) -> None:
    html = render(report(sample_audit(), table=NASTY, target=NASTY, command=NASTY, notes=(NASTY,), hints=(NASTY,)))

    assert "<script" not in html
    assert html.count("&lt;script&gt;") >= 7
    assert "fee tells &lt;all&gt;" in html


def test_the_page_needs_nothing_beside_itself_but_its_figures(sample_audit: MakeAudit) -> None:
    html = render(report(sample_audit()))

    assert set(re.findall(r"(?:href|src)=\"([^\"]*)\"", html)) == {"#content", "./audit.json"}
    assert "http" not in html.replace("http-equiv", "")


def test_the_page_shows_every_column_score_and_section(sample_audit: MakeAudit) -> None:
    html = words(render(report(sample_audit(), notes=("read so",))))

    for text in (
        "target copy",
        "0.950 (0.930 to 0.970)",
        "0.780 (0.750 to 0.810)",
        "cannot be had",
        "minutes here, seconds there",
        "12 rows repeat an earlier one.",
        "outcomes still coming in",
        "From the scoring log",
        "Why they differ.",
        "read so",
        "lab audit table.csv --target churned",
        "the target",
    ):
        assert text in html


@pytest.mark.parametrize("which", ["sample", "clean", "unscored"])
def test_ids_on_the_page_are_unique_and_the_same_audit_gives_the_same_bytes(
    which: str, sample_audit: MakeAudit, clean_audit: MakeAudit
) -> None:
    audit = {"sample": sample_audit(), "clean": clean_audit(), "unscored": clean_audit(scores=())}[which]

    html = render(report(audit))

    ids = re.findall(r" id=\"([^\"]+)\"", html)
    assert len(ids) == len(set(ids))
    assert html == render(report(audit))


def test_an_invalid_split_has_a_section_of_its_own(clean_audit: MakeAudit) -> None:
    assert "its like stands in both" in render(report(clean_audit(invalid_split=("its like stands in both",))))
    assert 'id="split"' not in render(report(clean_audit()))


def test_the_scale_of_the_scores_makes_a_small_difference_look_small(clean_audit: MakeAudit) -> None:
    close = tuple(replace(one, all_columns=Score(auc=0.8, low=0.799, high=0.801)) for one in clean_audit().scores)

    ticks = [float(one) for one in re.findall(r'class="tick">(0\.\d+)<', str(scores(clean_audit(scores=close))))]

    assert max(ticks) - min(ticks) >= 0.1


@pytest.mark.parametrize("width", [60, 80, 140])
def test_the_terminal_keeps_to_its_width(width: int, sample_audit: MakeAudit) -> None:
    assert max(map(len, printed(sample_audit(), width).splitlines())) <= width


def test_the_terminal_says_all_in_words_and_shows_foreign_text_as_it_is(sample_audit: MakeAudit) -> None:
    text = printed(sample_audit(), 140)

    assert text.startswith("1 column gives the outcome away: fee.")
    assert "LEAK" in text
    assert "suspect" in text
    assert NASTY[:20] in text
    assert "fee tells <all>" in text
    assert "without the leaks" in text
    assert "say --id" in text
    assert "\x1b" not in text


def test_the_terminal_of_a_clean_table_names_no_column(clean_audit: MakeAudit) -> None:
    text = printed(clean_audit())

    assert "LEAK" not in text
    assert "without the leaks" not in text
    assert ColumnVerdict.OK.value in text
