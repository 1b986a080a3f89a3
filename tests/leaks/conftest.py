import pytest

from pipelines.leaks.gap import Model, train
from pipelines.leaks.ground import Ground
from pipelines.leaks.ground import ground as lay_out
from pipelines.world.calendar import Calendar
from pipelines.world.company import Company
from pipelines.world.run import run

SEED = 7


@pytest.fixture(scope="session")
def ground() -> Ground:
    """A company of 6,000 with the usual timeline: training 4..9, test 11 and 12, extract 18, production 18 and 19."""
    calendar = Calendar(first_month="2023-01", burn_in=24, history=18, production=2)
    return lay_out(list(run(Company(seed=5, customers=6000, calendar=calendar))), calendar)


@pytest.fixture(scope="session")
def base(ground: Ground) -> Model:
    """The model trained on the honest table."""
    return train(ground.table(), seed=SEED)
