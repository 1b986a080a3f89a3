"""What every Prefect task of the lab has in common."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

from prefect import Task, task
from prefect.cache_policies import NO_CACHE
from prefect.utilities.annotations import quote

P = ParamSpec("P")
R = TypeVar("R")


def step(name: str, *, retries: int = 0) -> Callable[[Callable[P, R]], Task[P, R]]:
    """Decorate a function as a named task whose inputs are neither hashed nor kept: DVC decides what is made again."""
    return task(name=name, retries=retries, retry_delay_seconds=1, cache_policy=NO_CACHE, persist_result=False)


def unread(value: R) -> R:
    """A step's argument that Prefect passes on without looking for futures inside, which takes long in large values."""
    return cast("R", quote(value))
