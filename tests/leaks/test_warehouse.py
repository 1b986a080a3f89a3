"""What the warehouse holds, what is overwritten in it, and how the past is made again."""

import pandas as pd
import pytest

from pipelines.labels import MATURITY_DAYS, labels
from pipelines.leaks.ground import Ground
from pipelines.leaks.warehouse import known_at, warehouse
from pipelines.world.recorder import TABLES

VIEWS = ("accounts", "totals", "scores", "profiles", "outcomes")


@pytest.mark.parametrize("name", [*TABLES, *VIEWS])
def test_what_a_job_saw_is_the_warehouse_as_it_stood_then(name: str, ground: Ground) -> None:
    month = 11
    raw = {table: ground.stored[table] for table in TABLES}
    cutoffs = [ground.start(each) for each in range(1, 18)]

    then = warehouse(raw, extract=ground.start(month), cutoffs=cutoffs)[name]
    seen = known_at(ground.stored, ground.start(month))[name]

    assert seen.reset_index(drop=True).equals(then.reset_index(drop=True))
    assert len(seen)
    assert (seen["available_at"] < ground.start(month)).all()


def test_live_accounts_hold_the_terms_in_force(ground: Ground) -> None:
    accounts = ground.stored["accounts"].set_index("customer_id")
    live = accounts[(accounts["status"] == "active") & accounts["plan"].notna()]
    history = ground.stored["attribute_history"].sort_values(["event_at", "available_at"], kind="stable")
    terms = history.drop_duplicates("customer_id", keep="last").set_index("customer_id").loc[live.index]

    assert (live["payment_method"] == terms["payment_method"].astype("str")).all()
    assert (live["auto_renew"] == terms["auto_renew"].astype(float)).all()
    pd.testing.assert_series_equal(live["contract_ends_at"], terms["contract_ends_at"])
    assert live["closed_at"].isna().all()
    assert live["household_size"].notna().all()


def test_the_closing_workflow_leaves_its_traces(ground: Ground) -> None:
    accounts = ground.stored["accounts"]
    closed = accounts[accounts["status"] == "closed"]
    had_term = closed["contract_ends_at"].notna()

    assert (closed["auto_renew"] == 0.0).all()
    assert (closed["discount_pct"] == 0.0).all()
    assert (closed.loc[had_term, "contract_ends_at"] == closed.loc[had_term, "closed_at"]).all()
    assert (closed["available_at"] > closed["closed_at"]).all()
    assert 0.45 < (closed["payment_method"] == "none").mean() < 0.55
    assert 0.35 < closed["household_size"].isna().mean() < 0.45
    assert 0.25 < (closed["account_no"] >= 4_000_000).mean() < 0.35
    assert (accounts.loc[accounts["status"] == "active", "account_no"] < 4_000_000).all()


def test_outcomes_are_the_mature_labels(ground: Ground) -> None:
    month = 9
    cutoff = ground.start(month)
    rows = ground.stored["outcomes"]
    mine = rows[rows["cutoff"] == cutoff].set_index("customer_id")["churned"]

    expected = labels(ground.stored, mine.index, cutoff, as_of=ground.start(18))

    assert mine.tolist() == expected.tolist()
    assert (rows["available_at"] - rows["cutoff"] == pd.Timedelta(days=MATURITY_DAYS)).all()
    assert rows["available_at"].max() < ground.start(18)


def test_an_input_table_is_left_as_it_was(ground: Ground) -> None:
    copies = {name: ground.stored[name].copy() for name in ("accounts", "subscriptions", "attribute_history")}

    known_at(ground.stored, ground.start(8))

    for name, copy in copies.items():
        assert ground.stored[name].equals(copy)
