"""The tables of a case: as the warehouse remade them, as they should have been, as the scoring job sent them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from pipelines.leaks.definition import Definition, values
from pipelines.leaks.leak import Request, ServingSkew
from pipelines.leaks.luck import Luck
from pipelines.leaks.warehouse import customers_at, known_at, warehouse
from pipelines.recorded import World
from pipelines.world.recorder import TABLES
from scenarios.leakage.compose import Composition
from scenarios.leakage.timeline import Timeline


@dataclass(frozen=True)
class Bench:
    """Everything needed to compute a case's features for any month, in any of the three ways."""

    world: World
    timeline: Timeline
    composition: Composition
    luck: Luck

    @property
    def features(self) -> list[str]:
        """Every feature, in the order of the table."""
        return [definition.name for definition in self.composition.written()]

    @cached_property
    def handed_out(self) -> Mapping[str, pd.DataFrame]:
        """The warehouse on the day of the extract."""
        return self._warehouse(self.timeline.extract)

    @cached_property
    def _later(self) -> Mapping[str, pd.DataFrame]:
        """The warehouse at the last sealed cutoff, from which every scoring job's view is cut."""
        return self._warehouse(self.timeline.sealed[-1])

    def _warehouse(self, month: int) -> Mapping[str, pd.DataFrame]:
        feed = self.world.feed(month).since(self.timeline.first)
        tables = {name: feed.all(name) for name in TABLES}
        cutoffs = [self.world.cutoff(m) for m in range(self.timeline.train[0], month)]
        return warehouse(tables, extract=self.world.cutoff(month), cutoffs=cutoffs)

    def known(self, month: int) -> Mapping[str, pd.DataFrame]:
        """The tables as a job on the month's first instant sees them."""
        return known_at(self._later, self.world.cutoff(month))

    def offline(self, month: int) -> pd.DataFrame:
        """Features as the nightly job on the day of the extract made them."""
        return built(self.composition.written(), self.handed_out, self.world.cutoff(month))

    def legitimate(self, month: int, known: Mapping[str, pd.DataFrame], frame: pd.DataFrame) -> pd.DataFrame:
        """`frame` with every planted column made from what was `known` at the cutoff, as the others are."""
        made = values(self.composition.rebuilt(), known, self.world.cutoff(month), frame.index)
        return frame.assign(**{str(name): made[name] for name in made})

    def sent(self, month: int, known: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
        """Features as the scoring job sends them: the nightly job's code on what had arrived, and its own ways."""
        cutoff = self.world.cutoff(month)
        frame = self._scoring_job(known, cutoff)
        for planted in self.composition.skews:
            if isinstance(planted.leak, ServingSkew):
                request = Request(
                    cutoff=cutoff,
                    tables=known,
                    deployed=self.world.cutoff(self.timeline.served[0]),
                    luck=self.luck,
                    dose=planted.dose,
                    columns=planted.leak.columns,
                    build=self._scoring_job,
                )
                frame = planted.leak.online(frame, request)
        return frame[self.features]

    def as_trained(self, month: int, known: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
        """Features as a scoring job without ways of its own would send them."""
        return self._scoring_job(known, self.world.cutoff(month))

    def _scoring_job(self, tables: Mapping[str, pd.DataFrame], cutoff: pd.Timestamp) -> pd.DataFrame:
        return built(self.composition.written(), tables, cutoff)


def built(definitions: Sequence[Definition], tables: Mapping[str, pd.DataFrame], cutoff: pd.Timestamp) -> pd.DataFrame:
    """The columns of every customer active as far as known at the cutoff, by rising `customer_id`."""
    return values(definitions, tables, cutoff, customers_at(tables, cutoff))
