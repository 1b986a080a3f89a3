"""The table's cutoffs built twice: from every row, and from the rows that could be read at the cutoff."""

from dataclasses import dataclass

import pandas as pd

from monitoring.errors import MonitorError
from monitoring.leakage.compare.pairs import FLOAT_NOISE, Bools, Pair, pair_of
from monitoring.leakage.events.builder_runs import Site, Workshop, places, sites
from monitoring.leakage.vocabulary import Question


@dataclass(frozen=True, kw_only=True, slots=True)
class Rebuilt:
    """One cutoff built twice: from all rows (`full`) and from those that could be read (`known`).

    Both hold, in the order of `site`, the entities of the table that both builds have; `lost` counts the others.
    """

    site: Site
    full: pd.DataFrame
    known: pd.DataFrame
    lost: int


def rebuilt(question: Question, shop: Workshop) -> list[Rebuilt]:
    """The table's cutoffs, oldest first, each built from all rows and from those known at the cutoff.

    Cutoffs at which the builder cannot do without the later rows, or makes no row of the table, are left out.
    """
    failures: list[str] = []
    built = [one for site in sites(question) if (one := _twice(shop, site, failures)) is not None]
    if not built:
        raise MonitorError(
            f"no cutoff of the table can be rebuilt by {shop.name}: {'; '.join(failures) or 'the table has no cutoff'}"
        )
    return built


def _twice(shop: Workshop, site: Site, failures: list[str]) -> Rebuilt | None:
    full = shop.full(site.cutoff)
    try:
        known = shop.build(shop.tables_known(site.cutoff), site.cutoff)
    except Exception as error:  # noqa: BLE001 - a stranger's builder may raise anything
        failures.append(f"at {site.cutoff} it fails without the later rows ({type(error).__name__}: {error})")
        return None
    at_full, at_known = places(site, full), places(site, known)
    both = (at_full >= 0) & (at_known >= 0)
    if not both.any():
        failures.append(f"at {site.cutoff} it makes none of the {len(site)} entities of the table")
        return None
    return Rebuilt(
        site=only(site, both),
        full=full.iloc[at_full[both]].reset_index(drop=True),
        known=known.iloc[at_known[both]].reset_index(drop=True),
        lost=int((~both).sum()),
    )


def only(site: Site, kept: Bools) -> Site:
    """The site with some of its rows."""
    return Site(cutoff=site.cutoff, rows=site.rows[kept], entity=site.entity[kept], labels=site.labels[kept])


def against_table(one: Rebuilt, made: pd.DataFrame, name: str) -> Pair:
    """The table's cells of a column beside those of a build in the same row order."""
    return pair_of(one.site.rows[name].reset_index(drop=True), made[name], noise=FLOAT_NOISE)
