from collections.abc import Callable

import pytest

from pipelines.laboratory import Laboratory
from pipelines.laboratory import laboratory as open_laboratory
from pipelines.world.calendar import Calendar
from pipelines.world.company import Company
from pipelines.world.levers.lever import PulledLever

START = 14
"""The month in which levers and faults start: July, when usage swings most."""


@pytest.fixture(scope="session")
def make_company() -> Callable[..., Company]:
    """A small company; months are counted from May, the last two are production."""

    def make(
        *, seed: int = 11, customers: int = 600, burn_in: int = 3, months: int = 6, levers: tuple[PulledLever, ...] = ()
    ) -> Company:
        calendar = Calendar(first_month="2023-05", burn_in=burn_in, history=months - 2, production=2)
        return Company(seed=seed, customers=customers, calendar=calendar, levers=levers)

    return make


@pytest.fixture(scope="session")
def laboratory(make_company: Callable[..., Company]) -> Laboratory:
    return open_laboratory(make_company(customers=8000, burn_in=12, months=START + 5), start=START)
