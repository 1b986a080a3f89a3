"""Ports and answers on this machine: 127.0.0.1 only, past any proxy."""

import socket
import time
import urllib.request
from collections.abc import Callable
from http import HTTPStatus

HOST = "127.0.0.1"
_POLL_SECONDS = 0.05
_ANSWER_SECONDS = 2.0
"""Longest wait for one answer; a server that is still loading refuses at once instead."""


def free_port() -> int:
    """A TCP port on 127.0.0.1 that was free a moment ago; another process may still take it first."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port


def answers(url: str) -> bool:
    """Whether `url` answers with status 200."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(url, timeout=_ANSWER_SECONDS) as response:
            return bool(response.status == HTTPStatus.OK)
    except (OSError, ValueError):
        return False


def wait_for(url: str, *, seconds: float, alive: Callable[[], bool]) -> bool:
    """Whether `url` answered within `seconds`; gives up at once when `alive` says its process has ended."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and alive():
        if answers(url):
            return True
        time.sleep(_POLL_SECONDS)
    return False
