"""Alerts in a chat room: a POST of Slack-compatible JSON, with a timeout and a few tries."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

from pipelines.errors import LabError
from pipelines.sinks.notice import Notice, headline, incident_line

TIMEOUT_SECONDS = 5.0
"""Longest wait for the other side; a run must not stand still for a chat room."""

PAUSES = (0.5, 2.0)
"""Seconds before the second and the third try; there is no fourth."""

_HEADER, _SECTION, _BLOCKS = 150, 3000, 50
"""Slack's limits: characters of a header and of a section, blocks of a message."""


class WebhookError(LabError):
    """The other side did not take the message. The address is a secret: only its host is named."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Webhook:
    """Posts months with news (new, called for, or resolved; a warning or worse) to an http or https address."""

    url: str
    timeout: float = TIMEOUT_SECONDS
    pauses: tuple[float, ...] = PAUSES
    wait: Callable[[float], None] = time.sleep

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise LabError(
                "The webhook's address cannot be used: it must begin with https:// (or http://) and name a host."
            )

    @property
    def name(self) -> str:
        """What people call it."""
        return f"the webhook at {urlsplit(self.url).hostname}"

    def deliver(self, notice: Notice) -> None:
        """Post the month if it has news.

        Tried again after a timeout, a refused connection, a 429 or a 5xx; any other answer ends it.

        Raises
        ------
        WebhookError
            Where no try succeeded; the message holds the last reason.
        """
        if notice.news:
            self._post(json.dumps(message(notice)).encode())

    def _post(self, body: bytes) -> None:
        why = ""
        for pause in (0.0, *self.pauses):
            if pause:
                self.wait(pause)
            why, again = self._try(body)
            if not why:
                return
            if not again:
                break
        raise WebhookError(why)

    def _try(self, body: bytes) -> tuple[str, bool]:
        """Why it failed (empty: it did not), and whether another try may help."""
        headers = {"Content-Type": "application/json; charset=utf-8"}
        request = urllib.request.Request(self.url, data=body, headers=headers, method="POST")  # noqa: S310 - checked above
        try:
            with urllib.request.urlopen(request, timeout=self.timeout):  # noqa: S310 - checked above
                return "", False
        except urllib.error.HTTPError as error:
            error.close()
            again = error.code >= HTTPStatus.INTERNAL_SERVER_ERROR or error.code == HTTPStatus.TOO_MANY_REQUESTS
            return f"it answered {error.code} {error.reason}", again
        except TimeoutError:
            return f"no answer within {self.timeout:g} seconds", True
        except urllib.error.URLError as error:
            late = isinstance(error.reason, TimeoutError)
            return f"no answer within {self.timeout:g} seconds" if late else f"{error.reason}", True
        except (OSError, HTTPException) as error:
            return f"the connection broke ({type(error).__name__})", True


def message(notice: Notice) -> dict[str, Any]:
    """The month as a Slack message: `text` for the notification, `blocks` for the room."""
    title = headline(notice)
    sections = [_section(_told(notice, at)) for at in range(len(notice.news))]
    decided = [_section(f"Decision: {_escaped(notice.decision)}")] if notice.decision else []
    header = {"type": "header", "text": {"type": "plain_text", "text": title[:_HEADER]}}
    return {"text": _escaped(title), "blocks": [header, *sections[: _BLOCKS - 2], *decided]}


def _told(notice: Notice, at: int) -> str:
    one = notice.news[at]
    line = _escaped(incident_line(one, notice.currency))
    return f"*{one.severity}*, {one.state}: {line}\n*What to do:* {_escaped(one.lead.what_to_do)}"


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text[:_SECTION]}}


def _escaped(text: str) -> str:
    """Text without what Slack would read as markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
