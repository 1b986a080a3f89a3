"""Customer bases that meet a shift: covariate, label, or concept; every month ships its true probabilities."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from monitoring.columns import Floats

WOBBLE: Final = 0.03
"""Standard deviation by which intercept and each coefficient's strength vary from month to month, everywhere."""

NUMBERS: Final = 10
LEVELS: Final = ("basic", "plus", "pro")


@dataclass(frozen=True, kw_only=True, slots=True)
class World:
    """What is different in the month met: a shift of features (sd), a churn rate (factor), a loss of two effects."""

    name: str
    kind: str
    covariate: float = 0.0
    rate: float = 1.0
    concept: float = 1.0


WORLDS: Final = (
    World(name="none", kind="none"),
    World(name="covariate .25 sd", kind="covariate", covariate=0.25),
    World(name="covariate .5 sd", kind="covariate", covariate=0.5),
    World(name="covariate 1 sd", kind="covariate", covariate=1.0),
    World(name="label -50 %", kind="label", rate=0.5),
    World(name="label +50 %", kind="label", rate=1.5),
    World(name="label +100 %", kind="label", rate=2.0),
    World(name="concept x .9", kind="concept", concept=0.9),
    World(name="concept x .85", kind="concept", concept=0.85),
    World(name="beyond mild: concept x .7", kind="strong concept", concept=0.7),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Base:
    """A customer base: correlated numbers, a plan, and what moves its customers to leave."""

    seed: int
    mixing: Floats
    effects: Floats
    bend: float
    plans: Floats

    def view(self, rng: np.random.Generator, rows: int, covariate: float) -> pd.DataFrame:
        """Features of `rows` customers; `covariate` moves the three strongest numbers, and the plans with them."""
        raw = rng.normal(size=(rows, NUMBERS)) @ self.mixing
        leading = np.argsort(-np.abs(self.effects))[:3]
        ways = np.random.default_rng([self.seed, 5]).choice([-1.0, 1.0], 3)
        raw[:, leading] += covariate * ways
        share = np.array([0.5, 0.3, 0.2]) * np.exp(covariate * 0.5 * np.array([0.0, 1.0, -1.0]))
        table = pd.DataFrame(raw, columns=[f"x{place}" for place in range(NUMBERS)])
        return table.assign(plan=rng.choice(LEVELS, rows, p=share / share.sum()))

    def chance(self, rng: np.random.Generator, view: pd.DataFrame, concept: float) -> Floats:
        """Each customer's true probability of leaving in a month whose behaviour wobbles."""
        x = view[[f"x{place}" for place in range(NUMBERS)]].to_numpy()
        strength = np.ones(NUMBERS)
        strength[np.argsort(-np.abs(self.effects))[:2]] = concept
        effects = self.effects * strength * (1.0 + WOBBLE * rng.normal(size=NUMBERS))
        plan = self.plans[pd.Categorical(view["plan"], categories=LEVELS).codes]
        log_odds = -3.0 + WOBBLE * rng.normal() + x @ effects + self.bend * np.maximum(x[:, 0], 0.0) * x[:, 1] + plan
        return np.asarray(1.0 / (1.0 + np.exp(-log_odds)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Month:
    """One month: features, true probabilities and drawn churn."""

    view: pd.DataFrame
    chance: Floats
    churned: Floats


def base_of(seed: int) -> Base:
    """A customer base drawn from a seed."""
    rng = np.random.default_rng([seed, 1])
    mixing = np.eye(NUMBERS) + 0.25 * rng.normal(size=(NUMBERS, NUMBERS))
    effects = rng.normal(size=NUMBERS) * np.array([0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.0, 0.0, 0.0])
    return Base(seed=seed, mixing=mixing, effects=effects, bend=0.3, plans=np.array([0.3, 0.0, -0.4]))


def month_of(base: Base, at: int, rows: int, world: World) -> Month:
    """A month drawn in a world; a label shift redraws churners and stayers from a larger month."""
    rng = np.random.default_rng([base.seed, 2, at])
    drawn = rows if world.rate == 1.0 else 4 * rows
    view = base.view(rng, drawn, world.covariate)
    chance = base.chance(rng, view, world.concept)
    churned = (rng.random(drawn) < chance).astype(np.float64)
    if world.rate == 1.0:
        return Month(view=view, chance=chance, churned=churned)
    rate = float(churned.mean() * world.rate)
    left = int(rng.binomial(rows, rate))
    kept = [rng.choice(np.flatnonzero(churned == one), count) for one, count in ((1.0, left), (0.0, rows - left))]
    rows_kept = rng.permutation(np.concatenate(kept))
    odds = chance / (1.0 - chance) * rate / (1.0 - rate) * (1.0 - churned.mean()) / churned.mean()
    return Month(
        view=view.iloc[rows_kept].reset_index(drop=True),
        chance=(odds / (1.0 + odds))[rows_kept],
        churned=churned[rows_kept],
    )
