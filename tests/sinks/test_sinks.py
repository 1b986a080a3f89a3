"""Alerts reach every sink that works, and one that does not costs nobody else anything."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from monitoring.alerts.advice import ADVICE
from monitoring.monitor import MonthReport
from monitoring.vocabulary import Alert, Cause, Layer, Severity, State, Subject
from pipelines.errors import LabError
from pipelines.loopback import HOST, free_port
from pipelines.sinks.exit_code import ExitCode
from pipelines.sinks.json_file import JsonFile
from pipelines.sinks.notice import Notice, headline, markdown
from pipelines.sinks.sink import deliver
from pipelines.sinks.webhook import Webhook, WebhookError, message
from pipelines.sinks.workspace import EvidentlyWorkspace


def alert(**changes: object) -> Alert:
    usual: dict[str, object] = {
        "month": "2025-03",
        "layer": Layer.GATE,
        "signal": "level",
        "subject": Subject(table="usage", feature="sessions"),
        "severity": Severity.CRITICAL,
        "state": State.FIRING,
        "value": 60.0,
        "threshold": 2.5,
        "cause": Cause.DATA_FAULT,
        "effect_money": 512.0,
        "first_seen": "2025-03",
        "message": "usage.sessions: 60 times as large <b>",
        "what_to_do": ADVICE[Cause.DATA_FAULT],
        "incident": "2025-03/usage",
    }
    return Alert(**(usual | changes))  # type: ignore[arg-type]


def notice(*alerts: Alert, pages: tuple[str, ...] = ()) -> Notice:
    report = MonthReport(month="2025-03", measurements=(), alerts=alerts, blocked_by=(), pages=pages)
    return Notice(report=report, about="Churn model")


LOUD = notice(alert(), pages=("2025-03/usage",))
QUIET = notice(alert(severity=Severity.INFO))


@dataclass
class Room:
    """A chat room that answers with the given codes, the last one for ever; `slow` seconds late."""

    answers: list[int]
    slow: threading.Event | None = None
    heard: list[dict[str, object]] = field(default_factory=list)
    address: str = ""


@contextmanager
def served(room: Room) -> Iterator[Room]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            room.heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            if room.slow is not None:
                room.slow.wait(5.0)
            self.send_response(room.answers.pop(0) if len(room.answers) > 1 else room.answers[0])
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer((HOST, 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    room.address = f"http://{HOST}:{server.server_address[1]}/secret-path"
    try:
        yield room
    finally:
        if room.slow is not None:
            room.slow.set()
        server.shutdown()
        thread.join()
        server.server_close()


def hook(address: str, waits: Callable[[float], None] = lambda _seconds: None, timeout: float = 5.0) -> Webhook:
    return Webhook(url=address, wait=waits, timeout=timeout)


def test_a_chat_room_gets_text_and_blocks_with_what_to_do() -> None:
    with served(Room([200])) as room:
        hook(room.address).deliver(LOUD)

    (heard,) = room.heard
    assert heard["text"] == "Churn model, 2025-03: 1 incident, the loudest critical"
    assert [one["type"] for one in heard["blocks"]] == ["header", "section"]  # type: ignore[attr-defined]
    told = heard["blocks"][1]["text"]["text"]  # type: ignore[index]
    assert "60 times as large &lt;b&gt;" in told
    assert "About $512 per 1,000 customers" in told
    assert "Do not retrain on this month" in told


def test_an_error_of_the_server_is_tried_again() -> None:
    waited: list[float] = []
    with served(Room([500, 429, 200])) as room:
        hook(room.address, waited.append).deliver(LOUD)

    assert len(room.heard) == 3
    assert waited == [0.5, 2.0]


def test_it_gives_up_after_three_tries_and_says_why_without_the_secret_address() -> None:
    with served(Room([500])) as room:
        (failure,) = deliver(LOUD, [hook(room.address)])

    assert len(room.heard) == 3
    assert str(failure).startswith(f"The alerts of 2025-03 did not reach the webhook at {HOST}: it answered 500")
    assert "secret" not in str(failure)


def test_a_refusal_is_not_tried_again() -> None:
    with served(Room([403])) as room, pytest.raises(WebhookError, match="it answered 403"):
        hook(room.address).deliver(LOUD)

    assert len(room.heard) == 1


def test_a_room_that_does_not_answer_is_left_after_the_timeout() -> None:
    with (
        served(Room([200], slow=threading.Event())) as room,
        pytest.raises(WebhookError, match=r"no answer within 0\.05 seconds"),
    ):
        Webhook(url=room.address, timeout=0.05, pauses=()).deliver(LOUD)


def test_a_refused_connection_is_reported() -> None:
    with pytest.raises(WebhookError, match="refused"):
        hook(f"http://{HOST}:{free_port()}").deliver(LOUD)


def test_a_month_without_news_is_not_posted() -> None:
    old = notice(alert(first_seen="2025-01"))
    muted = notice(alert(state=State.MUTED))
    with served(Room([200])) as room:
        for one in (QUIET, old, muted):
            hook(room.address).deliver(one)

    assert room.heard == []


def test_what_was_resolved_is_posted() -> None:
    with served(Room([200])) as room:
        hook(room.address).deliver(notice(alert(state=State.RESOLVED, first_seen="2025-01")))

    assert len(room.heard) == 1


@pytest.mark.parametrize("address", ["hooks.example.com", "file:///etc/passwd", "https://", ""])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(LabError, match="address cannot be used"):
        Webhook(url=address)


def test_a_message_keeps_to_the_limits_of_the_room() -> None:
    many = [alert(incident=f"2025-03/t{at}", message="x" * 5000) for at in range(70)]

    told = message(notice(*many, pages=tuple(one.incident for one in many)))

    assert len(told["blocks"]) <= 50
    assert max(len(one["text"]["text"]) for one in told["blocks"]) <= 3000


class Broken:
    """A sink that never works."""

    name = "the broken one"

    def deliver(self, notice: Notice) -> None:  # noqa: ARG002 - it does not get as far
        raise RuntimeError("no disk")


def test_a_sink_that_fails_is_reported_and_costs_the_others_nothing(tmp_path: Path) -> None:
    code = ExitCode()

    failures = deliver(LOUD, [Broken(), JsonFile(folder=tmp_path), Broken(), code])

    assert [str(one) for one in failures] == ["The alerts of 2025-03 did not reach the broken one: no disk"] * 2
    assert json.loads((tmp_path / "2025-03.json").read_text()) == LOUD.report.to_plain()
    assert code.code == 1


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (LOUD, 1),
        (notice(alert(severity=Severity.WARNING)), 1),
        (QUIET, 0),
        (notice(), 0),
        (notice(alert(state=State.PENDING)), 0),
        (notice(alert(state=State.MUTED)), 0),
        (notice(alert(state=State.ACKNOWLEDGED)), 0),
    ],
)
def test_the_exit_code_is_1_only_where_a_warning_or_worse_fires(told: Notice, code: int) -> None:
    sink = ExitCode()

    sink.deliver(told)

    assert sink.code == code


def test_markdown_names_the_incident_and_what_to_do() -> None:
    told = markdown(LOUD)

    assert told.startswith("# Churn model, 2025-03: 1 incident")
    assert "- **critical** firing: data fault in usage.sessions" in told
    assert "No incident is open." in markdown(notice())
    assert headline(notice()) == "Churn model, 2025-03: quiet"


def test_the_workspace_says_what_it_lacks(tmp_path: Path) -> None:
    (failure,) = deliver(LOUD, [EvidentlyWorkspace(folder=tmp_path, project="x")])

    assert "carries no month and no reference" in failure.why
