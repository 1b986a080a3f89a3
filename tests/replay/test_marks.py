"""What a monitor's twenty years are worth: money between nothing and the best, alerts that tell harm from quiet."""

import pandas as pd
import pytest

from scenarios.drift.exam.marks import ALERTS, MONEY, NERVES, TABLE, monitor_checks


def years(
    *, won: float = 0.0, in_time: float = 0.0, called: float = 0.0, lost: float = 0.0, trouble: str = ""
) -> dict[str, pd.DataFrame]:
    """Ten years with harm, each with 1,000 to win, and five quiet ones; shares of them that were called."""
    hurt = {"quiet": False, "nothing": 3000.0, "best": 2000.0, "cost": 3000.0 - 1000.0 * won, "trouble": trouble}
    calm = {"quiet": True, "nothing": 1000.0, "best": 1000.0, "cost": 1000.0 + lost, "trouble": ""}
    rows = [hurt | {"in_time": place < 10 * in_time, "pages": 1} for place in range(10)]
    rows += [calm | {"in_time": False, "pages": int(place < 5 * called)} for place in range(5)]
    return {TABLE: pd.DataFrame(rows).assign(world=[f"year {place}" for place in range(15)])}


def points(tables: dict[str, pd.DataFrame]) -> tuple[float, float]:
    money, alerts = monitor_checks(tables)
    return money.points, alerts.points


def test_half_of_the_best_winnings_and_every_call_in_time_earn_everything() -> None:
    assert points(years(won=0.5, in_time=1.0)) == (MONEY, ALERTS)
    assert points(years(won=1.0, in_time=1.0)) == (MONEY, ALERTS)


def test_points_follow_what_was_won_and_called() -> None:
    assert points(years(won=0.25, in_time=0.6)) == pytest.approx((MONEY / 2, 0.6 * ALERTS))


def test_who_calls_in_the_same_month_of_every_year_gets_nothing_for_it() -> None:
    assert points(years(in_time=1.0, called=1.0, lost=10.0)) == (0.0, 0.0)


def test_a_call_in_a_quiet_year_costs_as_much_as_the_same_share_of_harm_missed() -> None:
    assert points(years(in_time=1.0, called=0.2))[1] == pytest.approx(points(years(in_time=0.8))[1])


def test_money_shrinks_with_what_was_spent_in_quiet_years_and_is_gone_at_the_end_of_nerves() -> None:
    assert points(years(won=0.5, lost=NERVES / 4))[0] == pytest.approx(0.75 * MONEY)
    assert points(years(won=0.5, lost=2 * NERVES))[0] == 0.0


def test_a_year_in_which_the_monitor_broke_down_earns_nothing() -> None:
    assert points(years(won=1.0, in_time=1.0, trouble="2024-03: crashed")) == (0.0, 0.0)


def test_nothing_was_handed_in() -> None:
    assert points({}) == (0.0, 0.0)
