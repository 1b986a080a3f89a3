import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from scenarios.leakage import figures, plots, telling
from scenarios.leakage.page import render
from scenarios.leakage.story import Story
from scenarios.page.figures import DASH

Make = Callable[..., Story]

VOID = {"meta", "br", "link", "img", "hr", "input"}
RESOURCES = {"src", "srcset", "data", "poster", "action", "xlink:href"}
BESIDE = {"./story.json", "./audit.json", "./metrics.json", "./months.csv"}


class Page(HTMLParser):
    """Reads a page and fails on a tag that is not closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"style", "script"} & set(self.open):
            self.text.append(data)

    def values(self, name: str) -> list[str]:
        return [value for _, one, value in self.attributes if one == name]

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.text).split())


def test_rendering_twice_gives_the_same_bytes(make_story: Make) -> None:
    assert render(make_story()).encode() == render(make_story()).encode()


def test_every_tag_is_closed_and_every_id_is_given_once(make_story: Make) -> None:
    ids = Page(render(make_story())).values("id")

    assert len(ids) == len(set(ids))


def test_the_page_needs_nothing_beside_itself(make_story: Make) -> None:
    text = render(make_story())
    page = Page(text)

    assert not {tag for tag, _, _ in page.attributes} & {"script", "link", "iframe", "img", "object"}
    assert not {name for _, name, _ in page.attributes} & RESOURCES
    assert not [name for _, name, _ in page.attributes if name.startswith("on")]
    assert not [bad for bad in ("http:", "https:", "url(", "@import") if bad in text]


def test_every_link_leads_into_the_page_or_to_a_file_of_the_report(make_story: Make) -> None:
    page = Page(render(make_story()))

    for address in page.values("href"):
        assert address in BESIDE or address[1:] in page.values("id")


def test_drawings_are_well_formed(make_story: Make) -> None:
    drawings = re.findall(r"<svg.*?</svg>", render(make_story()), flags=re.DOTALL)

    assert len(drawings) > 6
    for one in drawings:
        ET.fromstring(one)  # noqa: S314 - the text was drawn here


HOSTILE = "<script>alert(1)</script>\"'&{{ 7*7 }}\x00\x1b[31m\u202e\ud800"


def hostile(value: object) -> object:
    """The same story with every free text replaced."""
    kept = {"part", "truth", "verdict", "found_by", "label"}
    if isinstance(value, dict):
        return {name: one if name in kept else hostile(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [hostile(one) for one in value]
    return HOSTILE if isinstance(value, str) else value


def test_hostile_text_is_shown_and_never_obeyed(make_story: Make) -> None:
    text = render(Story.model_validate(hostile(make_story().model_dump())))

    text.encode()
    assert "<script" not in text
    assert "<script>alert(1)</script>\"'&{{ 7*7 }}" in Page(text).words
    assert not set(text) & set("\x00\x1b\u202e")


def test_the_answer_says_what_was_claimed_what_went_wrong_and_what_is_possible(make_story: Make) -> None:
    words = Page(render(make_story())).words

    assert "The model card claims an AUC of 0.937 (0.929 to 0.945)" in words
    assert "in the sealed months after the extract it gives 0.686" in words
    assert (
        "2 leaks (renews, home_size) and 1 difference between table and scoring job (4 columns) were planted" in words
    )
    assert "the audit finds all 3 and accuses no honest column" in words
    assert "gives 0.816 in the sealed months: so 0.121 of the claim was never there" in words


def test_everything_planted_is_told_with_its_columns_damage_and_evidence(make_story: Make) -> None:
    story = make_story()
    words = Page(render(story)).words

    for one in story.planted:
        assert one.title in words
        assert one.mechanism in words
        assert one.evidence in words
        assert f"{one.damage:.3f} of AUC" in words
        assert all(name in words for name in one.columns)


def test_what_the_audit_missed_is_said_plainly(make_story: Make) -> None:
    story = make_story()
    missed = story.planted[0].model_copy(update={"found_by": None, "evidence": ""})
    unseen = story.columns[0].model_copy(update={"verdict": "ok"})
    words = Page(render(make_story(planted=(missed,), columns=(unseen, *story.columns[1:])))).words

    assert "not found" in words
    assert "the audit finds none and accuses no honest column" in words
    assert telling.judged(unseen) == ("critical", "missed")


def test_every_column_is_shown_once_and_honest_ones_are_folded_away(make_story: Make) -> None:
    story = make_story()
    told = [*figures.planted_columns(story), *figures.watched_columns(story), *figures.quiet_columns(story)]

    assert sorted(one.name for one in told) == sorted(one.name for one in story.columns)
    assert [one.name for one in figures.planted_columns(story)][:2] == ["renews", "home_size"]
    assert [one.name for one in figures.watched_columns(story)] == ["days_to_termination"]
    assert "2 honest columns, none of them accused" in Page(render(story)).words


def test_an_honest_column_that_was_accused_is_no_longer_folded_away(make_story: Make) -> None:
    *others, plan = make_story().columns
    story = make_story(columns=(*others, plan.model_copy(update={"verdict": "suspect"})))

    assert [one.name for one in figures.watched_columns(story)] == ["plan", "days_to_termination"]
    words = Page(render(story)).words
    assert "accused wrongly" in words
    assert "accuses 1 honest column" in words


def test_a_control_is_told_as_a_score_that_is_real(make_control: Make) -> None:
    words = Page(render(make_control())).words

    assert "Nothing: no leak was planted, the scoring job sends what training read" in words
    assert "control : the same surface with nothing planted" in words
    assert "AUC with nothing planted" not in words
    assert telling.verdict(make_control()).startswith("The score is real")


@pytest.mark.parametrize("level", ["junior", "mid", "senior"])
@pytest.mark.parametrize("control", [False, True])
def test_every_level_has_a_page(make_story: Make, make_control: Make, level: str, control: bool) -> None:
    story = (make_control if control else make_story)(level=level)

    assert f"level {level}" in Page(render(story)).words


def test_each_practice_shows_its_claim_beside_what_it_really_gives(make_story: Make) -> None:
    words = Page(render(make_story())).words

    assert "Drops the top column: 49 of 100 points" in words
    assert "0.869 (0.859 to 0.879); 0.775 in the sealed months" in words
    assert "does not trust the score" in words


def test_a_practice_without_a_figure_is_a_practice_too(make_story: Make) -> None:
    silent = make_story().practices[0].model_copy(update={"claimed": None, "low": None, "high": None, "trust": None})

    words = Page(render(make_story(practices=(silent,)))).words

    assert "claims no figure" in words
    assert "does not decide" in words


def test_what_is_empty_or_missing_is_said_and_not_drawn(make_story: Make) -> None:
    bare = make_story(months=(), planted=(), columns=(), practices=(), splits=(), proves=())
    gone = make_story().splits[0].model_copy(update={"all_columns": None, "without_leaks": None})

    words = Page(render(bare)).words
    assert "There are no months to show." in words
    assert "No practice was tried on this case." in words
    assert "The audit could not score this table." in words
    assert "cannot be had" in Page(render(make_story(splits=(gone,)))).words


def test_repairs_are_held_against_what_was_lost(make_story: Make, make_control: Make) -> None:
    words = Page(render(make_story())).words

    assert "touch nothing 0.686 0%" in words
    assert "rebuild the leaks 0.751 50%" in words
    assert "Drop or rebuild" not in Page(render(make_control())).words
    assert figures.choice_rows(make_story(deployed=0.82, honest=0.81))[0][2] == DASH


def test_months_left_out_stand_as_gaps_on_the_axis(make_story: Make) -> None:
    story = make_story()
    chart = plots.months(story)

    assert chart.columns[:4] == ("2022-05", "2022-06", "2022-07", "2022-08")
    assert all(series.values[2] is None for series in chart.series)
    assert [(one.label, one.first, one.last) for one in chart.events] == [
        ("test", 0, 1),
        ("served", 3, 5),
        ("sealed", 7, 9),
    ]


def test_production_has_no_figure_in_the_test_months(make_story: Make) -> None:
    story = make_story()
    sent = next(one for one in plots.months(story).series if one.name == plots.PRODUCTION)

    assert sent.values[:2] == (None, None)
    assert figures.month_rows(story)[0][3] == DASH
    assert figures.month_rows(story)[-1][2] == DASH


def test_labels_that_are_no_months_stand_as_they_are(make_story: Make) -> None:
    odd = tuple(one.model_copy(update={"label": f"week {at}"}) for at, one in enumerate(make_story().months))

    assert plots.calendar(make_story(months=odd))[:2] == ("week 0", "week 1")


def test_splits_are_only_said_to_miss_the_leak_where_they_do(make_story: Make) -> None:
    near = make_story(deployed=0.92)

    assert "no way of splitting comes down to the 0.686" in telling.splits_say(make_story())
    assert "they say 0.930 to 0.930, against the 0.920" in telling.splits_say(near)


def test_a_chart_shows_one_dot_where_there_were_no_leaks_to_leave_out(make_control: Make, make_story: Make) -> None:
    assert [len(dots) for _, dots in plots.splits(make_control()).groups] == [1, 1, 1]
    assert [len(dots) for _, dots in plots.splits(make_story()).groups] == [2, 2, 2]


@pytest.mark.parametrize(
    "command",
    [
        "lab audit data/leakage/features.parquet --target churned",
        "dvc exp run -S leakage.seed=7 -S leakage.level=senior scenario@leakage",
        "make scenario-features",
        "git checkout params.yaml",
    ],
)
def test_the_page_says_how_to_go_on(make_story: Make, command: str) -> None:
    assert command in render(make_story())
