"""Fits beside each other give what they give one by one, in order, and say what goes wrong."""

import threading

import pytest

from monitoring.leakage.side_by_side import side_by_side


def test_results_come_in_the_order_of_the_items_whichever_is_done_first() -> None:
    second_done = threading.Event()

    def work(item: int) -> int:
        if item == 0:
            assert second_done.wait(timeout=30), "two are at work at once"
        else:
            second_done.set()
        return item * item

    assert side_by_side(work, range(4)) == [0, 1, 4, 9]


def test_what_one_raises_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        side_by_side(lambda item: 1 // item, [1, 0])
