"""How features and scores relate to churn: what good cohorts showed, and whether a landed cohort still shows it.

Two questions are answered that a cohort's figures leave open. Did churn change for everybody alike (a label shift, to
be met by recalibration), or more for some than for others (a changed concept)? And has a feature that all but knew
the answer gone blind (a leak that died)?
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from monitoring.columns import Counts, Floats, Kind, as_numbers, first_of, kind_of
from monitoring.performance.common_shift import common_shift, shifted
from monitoring.performance.metrics import auc, clipped
from monitoring.vocabulary import Layer, Measurement, Subject, Verdict

KNEW_THE_ANSWER: Final = 0.85
"""A single feature that ranks churners at this AUC in the reference all but knew the answer: no honest one does."""

CLUE: Final = "auc_in_good_months"
"""Name of the detail that holds such a feature's AUC."""

_BLIND: Final = 0.5
"""A feature has gone blind when it has lost this share of what it ranked above chance."""

_BINS: Final = 8
_OUTCOME: Final = ("score", "churned")
_FEW_LEVELS: Final = 12
_FEWEST_CHURNERS: Final = 50
_FEWEST_EXPECTED: Final = 10.0
"""A bin that expects fewer churners is left out."""

_ALIKE: Final = 0.3
"""Groups whose log-odds moved by amounts that stray (root mean square) less than this share of the common shift moved
alike: no two groups ever move by quite the same amount, and with many customers a test would see any difference."""

_NO_SHIFT: Final = 1e-6
"""A noncentrality below this is none."""

_MANY_ROWS: Final = 0.02
"""A value that this share of rows has gets a bin of its own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FeatureRelation:
    """A column cut into bins: `edges` of a number or `levels` of a category, then one bin for empty or unknown cells.

    `rows`, `churned` and `expected` (sums of scores) are counts by bin over the good cohorts; `auc` is that of the
    bins' churn rates as a score.
    """

    name: str
    edges: Floats
    levels: tuple[str, ...]
    rows: Floats
    churned: Floats
    expected: Floats
    auc: float

    @property
    def rates(self) -> Floats:
        """Churn rate by bin, drawn towards the overall rate where rows are few, shape (bins,)."""
        overall = self.churned.sum() / max(self.rows.sum(), 1.0)
        return np.asarray((self.churned + 20.0 * overall) / (self.rows + 20.0))

    def bins_of(self, table: pd.DataFrame) -> Counts:
        """The bin of each row, shape (n,); the last bin where the column did not come or cannot be read."""
        last = len(self.rows) - 1
        if self.name not in table.columns:
            return np.full(len(table), last, dtype=np.int64)
        return _binned(first_of(table, self.name), self.edges, self.levels, last)


@dataclass(frozen=True, kw_only=True, slots=True)
class RelationReference:
    """The relations of good cohorts, the score's own first; `shift` is how far their log-odds lay from the scores'."""

    features: tuple[FeatureRelation, ...]
    shift: float = 0.0

    def strength(self, feature: str) -> float:
        """AUC of the feature alone in good cohorts; 0.5 where it is not known."""
        return next((one.auc for one in self.features if one.name == feature), 0.5)

    def knew_the_answer(self) -> dict[str, float]:
        """Features that all but knew who would leave, with their AUC."""
        return {one.name: one.auc for one in self.features[1:] if one.auc >= KNEW_THE_ANSWER}


def build_relation(cohorts: Mapping[str, pd.DataFrame]) -> RelationReference:
    """Return the relations of good cohorts: month to a table with `score`, `churned` and, if known, the features."""
    shared = set.intersection(*(set(table.columns) for table in cohorts.values())) if cohorts else set()
    if not shared.issuperset(_OUTCOME):
        return RelationReference(features=())
    order = ["score", *sorted(str(name) for name in shared if name not in _OUTCOME)]
    table = _known(pd.concat([cohort[[*order, "churned"]] for cohort in cohorts.values()], ignore_index=True))
    names = [name for name in order if kind_of(first_of(table, name)) not in (Kind.TIME, Kind.IDENTIFIER)]
    return RelationReference(
        features=tuple(_relation(table, name) for name in names),
        shift=common_shift(clipped(table["score"]), table["churned"].to_numpy()),
    )


def measure_relation(  # noqa: PLR0917 - a cohort, the month in which it is judged, and what it is held against
    reference: RelationReference, cohort_month: str, cohort: pd.DataFrame, month: str, weights: Mapping[str, float]
) -> list[Measurement]:
    """Return how the change of churn is spread, and an alarm for each feature that has gone blind.

    "churn_spread" has no verdict of its own: its details say how far log-odds moved (`shift`), the p-value of that
    (`p_level`), and the p-value (after Bonferroni over score and features, `columns` in number) that they moved for
    all alike (`p_alike`).
    """
    known = _known(cohort)
    if not reference.features or known["churned"].sum() < _FEWEST_CHURNERS:
        return []
    knew = [one for one in reference.features[1:] if one.auc >= KNEW_THE_ANSWER]
    said = [_spread(reference, known, month), *(_blindness(one, known, month, weights) for one in knew)]
    return [replace(one, details=(("cohort", cohort_month), *one.details)) for one in said]


def with_clues(reference: RelationReference, measurements: Iterable[Measurement]) -> list[Measurement]:
    """Return the measurements; those of a feature that all but knew the answer say so in the detail `CLUE`."""
    knew = reference.knew_the_answer()
    return [
        replace(one, details=(*one.details, (CLUE, knew[one.subject.feature]))) if one.subject.feature in knew else one
        for one in measurements
    ]


def _known(table: pd.DataFrame) -> pd.DataFrame:
    score, churned = as_numbers(first_of(table, "score")).cells, as_numbers(first_of(table, "churned")).cells
    known = ~(np.isnan(score) | np.isnan(churned))
    return table.assign(score=score, churned=churned)[known]


def _relation(table: pd.DataFrame, name: str) -> FeatureRelation:
    column = first_of(table, name)
    edges, levels = _cuts(column)
    last = len(levels) if levels else len(edges) + 1
    place = _binned(column, edges, levels, last)
    rows, churned, expected = _counts(place, table, last + 1)
    overall = churned.sum() / max(rows.sum(), 1.0)
    rates = (churned + 20.0 * overall) / (rows + 20.0)
    value = auc(table["churned"].to_numpy(), rates[place]).value
    return FeatureRelation(
        name=name, edges=edges, levels=levels, rows=rows, churned=churned, expected=expected, auc=float(value)
    )


def _counts(place: Counts, table: pd.DataFrame, bins: int) -> tuple[Floats, Floats, Floats]:
    counts = (None, table["churned"].to_numpy(), table["score"].to_numpy())
    rows, churned, expected = (np.asarray(np.bincount(place, one, bins), dtype=np.float64) for one in counts)
    return rows, churned, expected


def _cuts(column: pd.Series) -> tuple[Floats, tuple[str, ...]]:
    """Return quantile edges of a number, or the levels of anything else."""
    if pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype):
        return _edges(as_numbers(column).usable), ()
    return np.array([]), tuple(sorted({str(level) for level in column.dropna().unique()}))[:_FEW_LEVELS]


def _edges(values: Floats) -> Floats:
    """Return quantile edges, with a bin of its own for every value that many rows share."""
    if not len(values):
        return np.array([])
    found = np.unique(np.quantile(values, np.linspace(0.0, 1.0, _BINS + 1)[:-1], method="lower"))
    shared = [cut for cut in found if np.mean(values == cut) > _MANY_ROWS]
    return np.unique(np.concatenate([found[1:], np.nextafter(shared, np.inf)]))


def _binned(column: pd.Series, edges: Floats, levels: tuple[str, ...], last: int) -> Counts:
    if levels:
        codes = pd.Index(levels).get_indexer(pd.Index(column.astype("str")))
        return np.where(codes < 0, last, codes).astype(np.int64)
    cells = as_numbers(column).cells
    return np.where(np.isnan(cells), last, np.searchsorted(edges, cells, side="right")).astype(np.int64)


def _spread(reference: RelationReference, known: pd.DataFrame, month: str) -> Measurement:
    score = clipped(known["score"])
    total, p_level = _shift(score, known["churned"].to_numpy(), reference.shift)
    shift = total - reference.shift
    moved = shifted(score, shift)
    common = shift**2 * float((moved * (1.0 - moved)).sum())
    found = {one.name: _alike(one, known, moved, common) for one in reference.features}
    worst = min(found, key=lambda name: found[name])
    p_alike = min(found[worst] * len(found), 1.0)
    return Measurement(
        month=month,
        layer=Layer.REALISED,
        signal="churn_spread",
        subject=Subject(feature="score"),
        value=p_alike,
        threshold=None,
        method="heterogeneity of the change of log-odds over score and features, chi-square, Bonferroni",
        unit="p-value",
        verdict=Verdict.OK,
        details=(
            ("shift", shift),
            ("p_level", p_level),
            ("p_alike", p_alike),
            ("worst", worst),
            ("columns", float(len(found))),
        ),
    )


def _shift(score: Floats, churned: Floats, usual: float) -> tuple[float, float]:
    """Return the change of log-odds that meets the number of churners, and the p-value that it is the usual one."""
    from scipy.stats import norm

    shift = common_shift(score, churned)
    chance = shifted(score, shift)
    variance = float(np.sum(chance * (1.0 - chance)))
    return shift, float(2.0 * norm.sf(abs(shift - usual) * np.sqrt(variance)))


def _alike(relation: FeatureRelation, known: pd.DataFrame, moved: Floats, common: float) -> float:
    """Return the p-value that churn changed alike in all bins, `common` being the chi-square of the common shift.

    Expected are the scores after one common shift, times what the bin showed in good cohorts; the noise of the good
    cohorts' own counts is added to the cohort's. Differences of `_ALIKE` times the common shift are granted: the
    statistic then is noncentral chi-square, with `_ALIKE` squared times `common` as its noncentrality.
    """
    from scipy.stats import chi2, ncx2

    place = relation.bins_of(known)
    bins = len(relation.rows)
    churned = np.bincount(place, weights=known["churned"].to_numpy(), minlength=bins)
    expected = np.bincount(place, weights=moved, minlength=bins)
    bernoulli = np.bincount(place, weights=moved * (1.0 - moved), minlength=bins)
    enough = (relation.churned >= _FEWEST_CHURNERS) & (expected >= _FEWEST_EXPECTED)
    if enough.sum() < 2:  # noqa: PLR2004 - one bin is alike by itself
        return 1.0
    usual = relation.churned[enough] / relation.expected[enough]
    corrected = expected[enough] * usual
    corrected *= churned[enough].sum() / corrected.sum()
    variance = bernoulli[enough] * usual + corrected**2 / relation.churned[enough]
    statistic = float((((churned[enough] - corrected) ** 2) / variance).sum())
    degrees, granted = int(enough.sum()) - 1, _ALIKE**2 * common
    return float(ncx2.sf(statistic, degrees, granted) if granted > _NO_SHIFT else chi2.sf(statistic, degrees))


def _blindness(relation: FeatureRelation, known: pd.DataFrame, month: str, weights: Mapping[str, float]) -> Measurement:
    """Return an alarm where a feature that all but knew the answer ranks nobody any more."""
    now = auc(known["churned"].to_numpy(), relation.rates[relation.bins_of(known)])
    limit = 0.5 + (1.0 - _BLIND) * (relation.auc - 0.5)
    blind = now.high < limit
    return Measurement(
        month=month,
        layer=Layer.REALISED,
        signal="relation_lost",
        subject=Subject(feature=relation.name),
        value=now.value,
        threshold=limit,
        method="AUC of the feature alone, its bins ranked by their churn in good cohorts",
        unit="probability",
        verdict=Verdict.ALARM if blind else Verdict.OK,
        note=f"alone it ranked churners at AUC {relation.auc:.2f} in good months and now does at {now.value:.2f}: "
        "it carried the answer and lost it",
        weight=float(weights.get(relation.name, 0.0)),
        details=((CLUE, relation.auc),),
    )
