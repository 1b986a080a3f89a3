"""How much commoner a mark is among positives than among the rest, with a bound that chance seldom passes."""

from dataclasses import dataclass
from typing import Final

CHANCE: Final = 1e-4
"""Probability with which either bound may fail."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """A mark some rows bear: `hits` of `ones` positives and `false` of `zeros` others."""

    hits: int
    ones: int
    false: int
    zeros: int

    @property
    def reach(self) -> float:
        """Share of the positives that bear the mark."""
        return self.hits / max(self.ones, 1)

    @property
    def false_share(self) -> float:
        """Share of the others that bear it."""
        return self.false / max(self.zeros, 1)

    def ratio_low(self) -> float:
        """A lower bound of the likelihood ratio: marked among positives over marked among others.

        Clopper & Pearson (1934) bounds of both shares, each wrong with probability `CHANCE`.
        """
        from scipy.stats import beta

        if not self.hits or not self.zeros:
            return 0.0
        low = float(beta.ppf(CHANCE, self.hits, self.ones - self.hits + 1))
        high = 1.0 if self.false == self.zeros else float(beta.isf(CHANCE, self.false + 1, self.zeros - self.false))
        return low / high

    def luck(self) -> float:
        """The chance that as many rows, drawn at random, would all be positives (Fisher 1922); 1 with a false mark."""
        from scipy.stats import hypergeom

        if self.false:
            return 1.0
        return float(hypergeom.pmf(self.hits, self.ones + self.zeros, self.ones, self.hits))

    def rate_low(self, *, weight: float) -> float:
        """A lower bound of the target rate among marked rows, when a drawn negative stands for `weight`."""
        odds = self.ratio_low() * self.ones / (self.zeros * weight) if self.zeros else 0.0
        return odds / (1.0 + odds)
