"""What every Prefect task of the lab has in common."""

from collections.abc import Callable
from typing import Any

from prefect import Task, task
from prefect.cache_policies import NO_CACHE


def step(name: str, *, retries: int = 0) -> Callable[[Callable[..., Any]], Task[Any, Any]]:
    """Decorate a function as a named task whose inputs are neither hashed nor kept: DVC decides what is made again."""
    return task(name=name, retries=retries, retry_delay_seconds=1, cache_policy=NO_CACHE, persist_result=False)
