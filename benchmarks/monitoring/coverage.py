"""How far label-free estimates are from the truth, and how often their intervals hold it, beside naive CBPE.

Every seed draws a customer base with behaviour of its own, trains LightGBM on its first months, learns the reference
from the next, and then meets one month of each world: none, covariate shift, label shift (churners and stayers as
before, in other numbers) and mild concept drift. Behaviour wobbles a little from month to month in all of them. The
same is asked of the company after each of its levers, by whether the lever moves what inputs mean.

The contract is that AUC, churn rate and profit are inside their intervals nine times in ten under covariate shift,
label shift and mild concept drift, which is what `recalibration.MILD` allows for. Stronger concept drift cannot be
seen before labels, and every estimate says so: those worlds, and the company's levers that move what inputs mean, are
shown for what they cost but promise nothing.
Run it as `python benchmarks/monitoring/coverage.py`, or with `--profile small`.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table
from shifted_worlds import LEVELS, NUMBERS, WORLDS, Base, Month, base_of, month_of

from monitoring.columns import Floats
from monitoring.months import name_of
from monitoring.performance import metrics
from monitoring.performance.estimated.expected import estimate_auc
from monitoring.performance.estimated.measure import SIGNALS, measure_estimate
from monitoring.performance.estimated.reference import EstimateReference, build_estimate
from monitoring.performance.profit import Economics, break_even, profit
from monitoring.vocabulary import Measurement, Verdict
from pipelines.features import FEATURES
from pipelines.laboratory import WARM_UP, cutoffs
from pipelines.model import model_view
from pipelines.recorded import World as Recorded
from pipelines.recorded import branch, record
from pipelines.world.calendar import Calendar
from pipelines.world.company import Company
from pipelines.world.levers.catalogue import LEVERS, pulled

RESULT: Final = Path(__file__).parents[1] / "results" / "monitoring_coverage.json"

ECONOMICS: Final = Economics(clv=200.0, offer_cost=10.0, contact_cost=1.0, acceptance_rate=0.3)

TRAINING_MONTHS: Final = 5
REFERENCE_MONTHS: Final = 12
FIRST_MONTH: Final = 24300

QUIET: Final = "company, no lever"
INPUTS_MOVE: Final = "company, inputs move"
BEHAVIOUR_MOVES: Final = "company, behaviour moves"

CONTRACT: Final = 0.9
PROMISED: Final = ("auc", "churn_rate", "profit")
NOT_PROMISED: Final = (*(one.name for one in WORLDS if one.kind == "strong concept"), BEHAVIOUR_MOVES)

LIGHTGBM: Final = {
    "objective": "binary",
    "num_leaves": 15,
    "learning_rate": 0.1,
    "min_child_samples": 100,
    "lambda_l2": 5.0,
    "seed": 7,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}
ROUNDS: Final = 80


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """How many seeds, rows a month, months of each world met by every seed, and company worlds with their levers."""

    seeds: int
    rows: int
    months: int
    companies: int = 0
    levers: tuple[str, ...] = ()


PROFILES: Final = {
    "full": Profile(seeds=40, rows=12_000, months=1, companies=1, levers=tuple(one.name for one in LEVERS)),
    "small": Profile(seeds=3, rows=4_000, months=1),
}


def model_of(months: Sequence[Month]) -> Any:  # noqa: ANN401 - untyped library
    """LightGBM fitted on months."""
    import lightgbm

    view = pd.concat([one.view for one in months])
    data = lightgbm.Dataset(coded(view), np.concatenate([one.churned for one in months]))
    return lightgbm.train(LIGHTGBM, data, num_boost_round=ROUNDS)


def coded(view: pd.DataFrame) -> Floats:
    """The view as numbers."""
    numbers = view.drop(columns="plan").to_numpy(dtype=np.float64)
    return np.column_stack([numbers, pd.Categorical(view["plan"], categories=LEVELS).codes.astype(np.float64)])


def scored(model: Any, view: pd.DataFrame) -> pd.Series:  # noqa: ANN401 - untyped library
    """The model's scores."""
    return pd.Series(np.asarray(model.predict(coded(view), num_threads=1)), index=view.index)


def prepared(base: Base, rows: int) -> tuple[Any, EstimateReference]:
    """The seed's model and the reference from the months after its training."""
    quiet = WORLDS[0]
    model = model_of([month_of(base, at, rows, quiet) for at in range(TRAINING_MONTHS)])
    good = {
        name_of(FIRST_MONTH + at): month_of(base, TRAINING_MONTHS + at, rows, quiet) for at in range(REFERENCE_MONTHS)
    }
    gain = model.feature_importance("gain")
    names = [*(f"x{place}" for place in range(NUMBERS)), "plan"]
    reference = build_estimate(
        {name: pd.DataFrame({"score": scored(model, one.view), "churned": one.churned}) for name, one in good.items()},
        threshold=break_even(ECONOMICS),
        economics=ECONOMICS,
        views={name: one.view for name, one in good.items()},
        weights=dict(zip(names, gain / gain.sum(), strict=True)),
    )
    if reference is None:
        raise RuntimeError(f"Seed {base.seed} has too few churners to learn from; raise the rows of the profile.")
    return model, reference


def replicates(profile: Profile) -> Iterator[dict[str, Any]]:
    """One result a seed, world and month."""
    for seed in range(profile.seeds):
        base = base_of(seed)
        model, reference = prepared(base, profile.rows)
        for place, world in enumerate(WORLDS):
            for repeat in range(profile.months):
                month = month_of(base, 1000 + 50 * place + repeat, profile.rows, world)
                said = measure_estimate(reference, scored(model, month.view), month.view, name_of(FIRST_MONTH + 15))
                yield {"world": world.name, "seed": seed, **judged(said, scored(model, month.view), month, reference)}


def levers(profile: Profile) -> Iterator[dict[str, Any]]:
    """One result a company, lever and cutoff, and one for each of the months in which nothing happens."""
    for seed in range(profile.companies):
        calendar = Calendar(first_month="2023-01", burn_in=30, history=24, production=6)
        base = record(Company(seed=90 + seed, customers=profile.rows, calendar=calendar), branch_at=24)
        model, reference = prepared_company(base)
        for month in (24, 26, 28):
            yield {"world": QUIET, "seed": seed, **met(base, model, reference, month=month)}
        for name in profile.levers:
            lever = pulled(name, start=24)
            world = branch(base, replace(base.company, levers=(lever,)))
            kind = BEHAVIOUR_MOVES if lever.lever.moves.p_y_given_x else INPUTS_MOVE
            for month in cutoffs(lever):
                yield {"world": kind, "lever": name, "seed": seed, **met(world, model, reference, month=month)}


def company_month(world: Recorded, month: int) -> Month:
    """A cutoff's features, with the true probabilities and what became of the customers."""
    view = world.features(month)
    truth = world.truth[month].reindex(view.index)
    known = truth["bayes"].notna().to_numpy()
    return Month(
        view=view[known].reset_index(),
        chance=truth["bayes"].to_numpy(np.float64)[known],
        churned=(truth["reason"].to_numpy()[known] >= 0).astype(np.float64),
    )


def prepared_company(base: Recorded) -> tuple[Any, EstimateReference]:
    """The company's model, fitted on 8 months, and the reference from the 10 months after them."""
    import lightgbm

    past = {month: company_month(base, month) for month in range(WARM_UP, 23)}
    training, good = [past[month] for month in range(WARM_UP, 13)], {at: past[at] for at in range(13, 23)}
    view = np.concatenate([model_view(one.view) for one in training])
    data = lightgbm.Dataset(view, np.concatenate([one.churned for one in training]))
    model = lightgbm.train(LIGHTGBM, data, num_boost_round=ROUNDS)
    gain = model.feature_importance("gain")
    label = base.company.calendar.label
    reference = build_estimate(
        {
            label(at): pd.DataFrame({"score": company_scores(model, m.view), "churned": m.churned})
            for at, m in good.items()
        },
        threshold=break_even(ECONOMICS),
        economics=ECONOMICS,
        views={label(at): one.view for at, one in good.items()},
        weights=dict(zip(FEATURES, gain / gain.sum(), strict=True)),
    )
    if reference is None:
        raise RuntimeError("The company has too few churners to learn from; give it more customers.")
    return model, reference


def company_scores(model: Any, view: pd.DataFrame) -> pd.Series:  # noqa: ANN401 - untyped library
    """The company model's scores."""
    return pd.Series(np.asarray(model.predict(model_view(view), num_threads=1)), index=view.index)


def met(world: Recorded, model: Any, reference: EstimateReference, *, month: int) -> dict[str, Any]:  # noqa: ANN401 - untyped library
    """The estimate of one month of a company beside the truth."""
    found = company_month(world, month)
    score = company_scores(model, found.view)
    said = measure_estimate(reference, score, found.view, world.company.calendar.label(month))
    return judged(said, score, found, reference)


def judged(said: Sequence[Measurement], score: pd.Series, month: Month, reference: EstimateReference) -> dict[str, Any]:
    """Each figure as estimated, its interval, and the truth: drawn (labels) and exact (true probabilities)."""
    found = {one.signal: one for one in said}
    values = score.to_numpy()
    real = {
        "auc": metrics.auc(month.churned, values).value,
        "log_loss": metrics.log_loss(month.churned, values),
        "churn_rate": float(month.churned.mean()),
        "profit": profit(month.churned, values, reference.threshold, ECONOMICS),
    }
    naive = {
        "auc": estimate_auc(values),
        "log_loss": metrics.log_loss(values, values),
        "churn_rate": float(values.mean()),
        "profit": profit(values, values, reference.threshold, ECONOMICS),
    }
    exact = exact_auc(values, month.chance)
    figures = {
        figure: {
            "value": found[signal].value,
            "low": found[signal].detail("low"),
            "high": found[signal].detail("high"),
            "real": real[figure],
            "naive": naive[figure],
            **{name: found[signal].detail(name) for name in ("cbpe", "weighted", "em", "bbse")},
        }
        for figure, signal in SIGNALS.items()
    }
    rate = found["estimated_churn_rate"]
    return {
        **figures,
        "exact_auc": exact,
        "favoured": rate.detail("favoured"),
        "explains": rate.detail("label_shift_explains"),
        "p_value": rate.detail("label_shift_p_value"),
        "alarms": [one.signal for one in said if one.verdict is Verdict.ALARM],
        "support": found["support_share"].value,
    }


def exact_auc(values: Floats, chance: Floats) -> float:
    """The AUC expected of scores when each customer leaves with a true probability; without ties."""
    order = np.argsort(values, kind="stable")
    p = chance[order]
    below = np.cumsum(1.0 - p) - (1.0 - p)
    return float(p @ below / (p.sum() * (1.0 - p).sum() - (p * (1.0 - p)).sum()))


def summary(name: str, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A world's errors and coverage."""
    auc = [row["auc"] for row in rows]
    exact = np.array([row["exact_auc"] for row in rows])
    right = "em" if name.startswith("label") else "weighted"
    return {
        "world": name,
        "replicates": len(rows),
        "auc_error": _mean_size([one["value"] for one in auc] - exact),
        "auc_error_right": _mean_size(
            np.array([one["cbpe"] if one[right] is None else one[right] for one in auc]) - exact
        ),
        "auc_error_naive": _mean_size([one["naive"] for one in auc] - exact),
        "auc_bias": round(float(np.mean([one["value"] for one in auc] - exact)), 4),
        "auc_half_width": round(float(np.mean([(one["high"] - one["low"]) / 2.0 for one in auc])), 4),
        "rate_error": _relative(rows, "churn_rate", "value"),
        "rate_error_naive": _relative(rows, "churn_rate", "naive"),
        "profit_error": _relative(rows, "profit", "value"),
        "profit_error_naive": _relative(rows, "profit", "naive"),
        "coverage": {figure: _covered(rows, figure) for figure in SIGNALS},
        "label_shift_favoured": round(float(np.mean([row["favoured"] == "em" for row in rows])), 3),
        "auc_alarms": round(float(np.mean(["estimated_auc" in row["alarms"] for row in rows])), 3),
        "profit_alarms": round(float(np.mean(["estimated_profit" in row["alarms"] for row in rows])), 3),
    }


def _mean_size(errors: Floats) -> float:
    return round(float(np.mean(np.abs(errors))), 4)


def _relative(rows: Sequence[dict[str, Any]], figure: str, which: str) -> float:
    """Mean size of the error over the mean size of the real figure."""
    real = np.array([row[figure]["real"] for row in rows])
    errors = np.array([row[figure][which] for row in rows]) - real
    return round(float(np.mean(np.abs(errors)) / np.mean(np.abs(real))), 3)


def _covered(rows: Sequence[dict[str, Any]], figure: str) -> float:
    inside = [row[figure]["low"] <= row[figure]["real"] <= row[figure]["high"] for row in rows]
    return round(float(np.mean(inside)), 3)


def measure(profile: str, *, progress: Path | None = None) -> dict[str, Any]:
    """Errors and coverage world by world; with `progress`, what there is so far is kept in that file."""
    found: list[dict[str, Any]] = []
    for row in chain(replicates(PROFILES[profile]), levers(PROFILES[profile])):
        found.append(row)
        if progress is not None and row["world"] in (WORLDS[-1].name, BEHAVIOUR_MOVES):
            progress.write_text(json.dumps(_result(profile, found), indent=2) + "\n", encoding="utf-8")
    return _result(profile, found)


def _result(profile: str, found: Sequence[dict[str, Any]]) -> dict[str, Any]:
    names = (*(world.name for world in WORLDS), QUIET, INPUTS_MOVE, BEHAVIOUR_MOVES)
    by_world = {name: [row for row in found if row["world"] == name] for name in names}
    return {"profile": profile, "worlds": [summary(name, rows) for name, rows in by_world.items() if rows]}


def table(result: dict[str, Any]) -> Table:
    """The result as a table."""
    shown = Table(title="Performance before labels: mean size of the error, and coverage of the realised figures")
    for column in (
        "world",
        "AUC",
        "right",
        "naive",
        "bias",
        "+-",
        "rate",
        "naive",
        "profit",
        "naive",
        "AUC in",
        "loss in",
        "rate in",
        "profit in",
        "says label",
        ">= 90 %",
    ):
        shown.add_column(column, justify="left" if column == "world" else "right")
    for one in result["worlds"]:
        names = ("auc_error", "auc_error_right", "auc_error_naive", "auc_bias", "auc_half_width")
        shares = ("rate_error", "rate_error_naive", "profit_error", "profit_error_naive")
        shown.add_row(
            f"{one['world']} ({one['replicates']})",
            *(f"{one[name]:.4f}" for name in names),
            *(f"{one[name]:.1%}" for name in shares),
            *(f"{one['coverage'][figure]:.0%}" for figure in SIGNALS),
            f"{one['label_shift_favoured']:.0%}",
            _kept(one),
        )
    return shown


def _kept(one: dict[str, Any]) -> str:
    """Whether a world's intervals hold what they promise."""
    if one["world"] in NOT_PROMISED:
        return "not promised"
    below = [figure for figure in PROMISED if one["coverage"][figure] < CONTRACT]
    return f"no: {', '.join(below)}" if below else "yes"


def main() -> None:
    """Measure one profile, print the table, and keep the full one's figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--profile", choices=tuple(PROFILES), default="full")
    asked = options.parse_args()
    progress = RESULT if asked.profile == "full" else None
    Console(width=160).print(table(measure(asked.profile, progress=progress)))


if __name__ == "__main__":
    main()
