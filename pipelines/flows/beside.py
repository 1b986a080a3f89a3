"""One more process beside a flow's own."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module

from threadpoolctl import threadpool_limits


def beside() -> ProcessPoolExecutor:
    """One more process, for work that need not wait for the flow; it starts with the first work given to it.

    Spawned, not forked: Prefect and LightGBM have threads, which a fork would copy in whatever state they are.
    """
    return ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"), initializer=_limit_threads)


def _limit_threads() -> None:
    """One thread for sums, as in the stage's own process: the last digits depend on how many there are."""
    # numpy and scipy each bring a library of their own, and only those that are loaded can be limited.
    for library in ("numpy.linalg", "scipy.linalg"):
        import_module(library)
    threadpool_limits(1)
