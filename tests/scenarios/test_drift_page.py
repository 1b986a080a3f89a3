import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from scenarios.drift.page import render
from scenarios.drift.story import Damage, Story
from scenarios.drift.tables import safe_links
from scenarios.drift.threads import FIRST, incidents
from scenarios.page.figures import DASH, month, months_in

Make = Callable[..., Story]

VOID = {"meta", "br", "link", "img", "hr", "input"}
RESOURCES = {"src", "srcset", "data", "poster", "action", "xlink:href"}


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
        self._note(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._note(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"style", "script"} & set(self.open):
            self.text.append(data)

    def _note(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def values(self, name: str) -> list[str]:
        return [value for _, one, value in self.attributes if one == name]

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.text).split())


def test_rendering_twice_gives_the_same_bytes(make_story: Make) -> None:
    assert render(make_story()).encode() == render(make_story()).encode()


def test_the_order_of_dictionaries_changes_nothing(make_story: Make) -> None:
    turned = {name: dict(reversed(getattr(make_story(), name).items())) for name in ("champion", "methods")}

    assert render(make_story(**turned)) == render(make_story())


def test_every_tag_is_closed_and_every_id_is_given_once(make_story: Make) -> None:
    ids = Page(render(make_story())).values("id")

    assert len(ids) == len(set(ids))


def test_the_page_needs_nothing_beside_itself(make_story: Make) -> None:
    text = render(make_story())
    page = Page(text)

    assert not {tag for tag, _, _ in page.attributes} & {"script", "link", "iframe", "img", "object"}
    assert not {name for _, name, _ in page.attributes} & RESOURCES
    assert not [name for _, name, _ in page.attributes if name.startswith("on")]
    assert "http:" not in text
    assert "https:" not in text
    assert "url(" not in text
    assert "@import" not in text


def test_every_link_leads_into_the_page_or_to_a_file_beside_it(make_story: Make) -> None:
    page = Page(render(make_story()))
    ids = page.values("id")

    for address in page.values("href"):
        assert address.startswith("./") or address[1:] in ids
    assert "./evidently/2025-08.html" in page.values("href")


def test_drawings_are_well_formed(make_story: Make) -> None:
    drawings = re.findall(r"<svg.*?</svg>", render(make_story()), flags=re.DOTALL)

    assert len(drawings) > 10
    for one in drawings:
        ET.fromstring(one)  # noqa: S314 - the text was drawn here


HOSTILE = "<script>alert(1)</script>\"'&{{ 7*7 }}\x00\x1b[31m\u202e\ud800"


def hostile(value: object) -> object:
    """The same story with every free text replaced."""
    kept = {
        "label",
        "layer",
        "severity",
        "state",
        "verdict",
        "kind",
        "first",
        "last",
        "first_alert",
        "cohort",
        "action",
    }
    if isinstance(value, dict):
        return {name: one if name in kept else hostile(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [hostile(one) for one in value]
    return HOSTILE if isinstance(value, str) else value


def test_hostile_text_is_shown_and_never_obeyed(make_story: Make) -> None:
    story = Story.model_validate(hostile(make_story().model_dump()))

    text = render(story)
    page = Page(text)

    text.encode()
    assert "<script" not in text
    assert "<script>alert(1)</script>\"'&{{ 7*7 }}" in page.words
    assert not set(text) & set("\x00\x1b\u202e")


def test_an_address_cannot_leave_the_folder() -> None:
    addresses = [one for one, _ in safe_links(("javascript:alert(1)", "//host/x", "https://host/x", "a b.html"))]

    assert addresses == ["./javascript%3Aalert%281%29", "./host/x", "./https%3A//host/x", "./a%20b.html"]


def test_what_is_missing_is_a_dash(make_story: Make) -> None:
    story = make_story()
    gone = story.months[0].model_copy(update={"seen": None, "estimated_auc": None, "lost_per_1000": float("nan")})

    words = Page(render(make_story(months=(gone, *story.months[1:])))).words

    assert "nan" not in words.lower().split()
    assert "None" not in words
    assert f"Jan 2025 0.781 0.801 0.781 {DASH} {DASH} {DASH}" in words


def test_a_single_month_without_events_or_alerts_is_a_page_too(make_story: Make) -> None:
    quiet = make_story().months[0].model_copy(update={"alerts": (), "layers": (), "active": ()})
    bare = make_story(months=(quiet,), happenings=(), noticed=(), evidently=(), methods={}, champion={})

    words = Page(render(bare)).words

    for said in (
        "Nothing in the world did harm.",
        "No alert was raised.",
        "No layer spoke.",
        "No challenger was trained",
    ):
        assert said in words


def test_a_story_without_months_is_a_page_too(make_story: Make) -> None:
    Page(render(make_story(months=())))


def test_the_answer_says_what_mattered_what_did_not_and_what_was_broken(make_story: Make) -> None:
    words = Page(render(make_story())).words

    assert (
        "What mattered A rival courts monthly plus and pro customers (from Jun 2025). Noticed in Aug 2025, 2 months"
        in words
    )
    assert "What did not Usage swings more with the season (from Jan 2025). No alert, and none was needed." in words
    assert (
        "What was broken The app sends seconds where minutes are expected (from Nov 2025). Noticed in Nov 2025" in words
    )
    assert "cost $81,904 of margin; 431 customers more left" in words


def test_what_went_wrong_with_the_monitoring_is_said_plainly(make_story: Make) -> None:
    missed, cried, *rest = make_story().noticed
    missed = missed.model_copy(update={"first_alert": None, "severity": None, "layer": None, "as_wished": False})
    cried = cried.model_copy(update={"first_alert": "2025-02", "severity": "critical", "as_wished": False})

    words = Page(render(make_story(noticed=(missed, cried, *rest)))).words

    assert "It went unnoticed." in words
    assert "That is not as it should be." in words


def test_what_labels_said_stands_in_the_month_it_became_known_and_names_its_cohort(make_story: Make) -> None:
    assert "Known in Aug 2025 about Jun 2025: 0.741 (0.719 to 0.762)" in render(make_story())


def test_every_month_and_every_alert_can_be_found(make_story: Make) -> None:
    story = make_story()
    words = Page(render(story)).words

    for told in story.months:
        assert f"What each layer said in {month(told.label)}" in words
        for alert in told.alerts:
            assert months_in(alert.message) in words


def test_alerts_are_one_entry_a_signal_and_one_box_an_incident(make_story: Make) -> None:
    found = {one.name: one for one in incidents(make_story())}

    assert list(found) == ["2025-04/inputs", "2025-08/outcome", "2025-11/usage"]
    assert len(found["2025-11/usage"].threads) == 7 > FIRST
    outcome = found["2025-08/outcome"]
    assert (outcome.first, outcome.last, outcome.threads[0].state) == ("2025-08", "2025-09", "resolved")
    assert (outcome.severity, outcome.cause, outcome.money) == ("critical", "behaviour changed", 1758.0)


def test_money_won_is_not_called_lost(make_story: Make) -> None:
    won = Damage(extra_churners=-3, expected_extra_churners=-2.5, lost_margin=-500.0)

    words = Page(render(make_story(damage=won))).words

    assert "brought $500 of margin; 3 customers fewer left" in words


@pytest.mark.parametrize("command", ["dvc exp run -S drift.lever=price_rise scenario@drift", "dvc metrics diff"])
def test_the_page_says_how_to_try_something_else(make_story: Make, command: str) -> None:
    assert command in render(make_story())


def test_practices_stand_side_by_side_in_money_calls_and_delay(make_story: Make) -> None:
    words = Page(render(make_story())).words

    assert "Cheapest was: ours: gate, labels, money ($1,720 per 1,000 customers, 3 calls)" in words
    assert "dearest: retrain where any column's PSI is above 0.2 ($3,367, 12 calls)" in words
    assert "Retrain where any column's PSI is above 0.2 $3,367 -420% 12 0 2 months" in words


def test_without_replayed_practices_the_page_says_nothing_of_them(make_story: Make) -> None:
    assert "Weak practice beside sound practice" not in Page(render(make_story(practices=()))).words
