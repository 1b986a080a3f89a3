"""Repair what breaks, and act on what landed labels prove: recalibrate where all customers changed, else retrain."""

from itertools import pairwise

import numpy as np
import pandas as pd

LEAP, ALLOWANCE = 2.0, 0.01  # a leap twice the largest in good months is a broken record
MEMORY_LOST, STEADY = 0.25, 0.15  # so is a customer's own value forgotten from one month to the next
DRIFT, LIMIT = 1.0, 3.0  # CUSUM of the level, in standard errors: tuned to a shift of two, silent in quiet years
UNEVEN = 5.0  # standard errors by which one segment must stand out
MONTHS_DIFFER = 0.2  # good months differ by this much in what leaves over what was promised: the season moves both
REST = 1  # months for which a new model is left alone
FITTED = ("retrain", "recalibrate")
_learnt = {}


def decide(month, reference, history):
    """One month: first the record, then the labels that landed."""
    if not _learnt:
        _learnt.update(usual_leaps(reference), rate=rate_of(reference))
    broken = broken_inputs(month.view, last_view(reference, history)) if trusts_leaps(history) else []
    if broken:
        return [f"broken record: {', '.join(broken[:3])}"], "repair"
    if month.landed is None or resting(history):
        return [], "keep"
    if due_again(history):
        return ["two more months of changed customers have landed"], "retrain"
    cohorts = sound_cohorts(month, history)
    level, worst = level_alarm(cohorts), uneven(cohorts)
    if worst is not None:
        return [f"customers changed: {worst}"], "retrain"
    if level:
        return ["more or fewer leave than promised"], second_choice(history)
    return [], "keep"


def second_choice(history):
    """Fit the level anew at first; where that did not last, train anew."""
    return "retrain" if any(past.action == "recalibrate" for past in history) else "recalibrate"


def trusts_leaps(history):
    """Not in the month after a repair, when inputs leap back, and not after a second one, which the first belies."""
    repairs = [past.action == "repair" for past in history]
    return sum(repairs) < 2 and not any(repairs[-1:])


def last_view(reference, history):
    return history[-1].view if history else reference.views[max(reference.views)]


def resting(history):
    return any(past.action in FITTED for past in history[-REST:])


def due_again(history):
    """A model fitted on the first months after a change knows little of it: fit it once more."""
    fitted = [place for place, past in enumerate(history) if past.action in FITTED]
    return len(fitted) == 1 and fitted[0] == len(history) - REST - 1


def usual_leaps(reference):
    views = [reference.views[label] for label in sorted(reference.views)]
    pairs = [leaps_and_memory(before, now) for before, now in pairwise(views)]
    names = list(reference.weights)
    leaps = {name: max(pair[name][0] for pair in pairs) for name in names}
    memory = {name: [pair[name][1] for pair in pairs] for name in names}
    return {"leaps": leaps, "memory": memory}


def broken_inputs(view, before):
    now = leaps_and_memory(before, view)
    found = []
    for name, usual in _learnt["leaps"].items():
        leap, memory = now[name]
        steady = _learnt["memory"][name]
        forgot = min(steady) - memory > MEMORY_LOST and max(steady) - min(steady) < STEADY
        if forgot or leap > LEAP * (usual + ALLOWANCE):
            found.append(name)
    return found


def leaps_and_memory(before, now):
    """By input: how far it moved among all, and how well customers who were there in both months kept their rank."""
    rows = pd.concat([before, now]).apply(numbers)
    old, new = rows.iloc[: len(before)], rows.iloc[len(before) :]
    both = old.index.intersection(new.index)
    memory = correlation(old.loc[both].rank().to_numpy(), new.loc[both].rank().to_numpy())
    leaps = [distance(*pair) for pair in zip(old.to_numpy().T, new.to_numpy().T, strict=True)]
    return dict(zip(rows.columns, zip(leaps, memory, strict=True), strict=True))


def correlation(a, b):
    """Column by column; 1 where one of them is constant."""
    a, b = a - a.mean(axis=0), b - b.mean(axis=0)
    spread = np.sqrt((a**2).sum(axis=0) * (b**2).sum(axis=0))
    return np.where(spread > 0.0, (a * b).sum(axis=0) / np.maximum(spread, 1e-9), 1.0)


def distance(a, b):
    a, b = np.sort(a), np.sort(b)
    points = np.concatenate([a, b])
    return np.abs(np.searchsorted(a, points, "right") / len(a) - np.searchsorted(b, points, "right") / len(b)).max()


def numbers(values):
    """Numbers as they are, words by their place in the alphabet; what is missing lies below."""
    if pd.api.types.is_numeric_dtype(values):
        return values.astype(float).fillna(-999.0)
    return pd.Series(pd.factorize(values.astype("str"), sort=True)[0].astype(float), index=values.index)


def rate_of(reference):
    """Left over promised in good months, and segment edges."""
    rows = pd.concat(
        [reference.views[label].loc[table.index].join(table) for label, table in reference.cohorts.items()]
    )
    usual = rows["churned"].sum() / rows["score"].sum()
    segments = {name: segment_table(rows, name, edges_of(rows[name])) for name in segment_names(reference)}
    edges = {name: edges_of(rows[name]) for name in segments}
    return {"usual": usual, "segments": segments, "edges": edges}


def segment_names(reference):
    skipped = ("days_since_use", "months_since_price_rise")
    return [name for name, weight in reference.weights.items() if weight > 0.005 and name not in skipped]


def edges_of(values):
    if not pd.api.types.is_numeric_dtype(values):
        return None
    return np.unique(np.quantile(values.dropna(), [0.2, 0.4, 0.6, 0.8])) if values.notna().any() else np.zeros(1)


def segment_table(rows, name, edges):
    if edges is None:
        place = rows[name].fillna("").astype(str).to_numpy()
    else:
        place = np.where(rows[name].isna(), -1, np.searchsorted(edges, rows[name].fillna(0.0), side="left"))
    return rows[["churned", "score"]].groupby(place).sum()


def sound_cohorts(month, history):
    """Landed cohorts of the live model whose inputs were sound, oldest first, with their inputs."""
    views = {past.month: past for past in history}
    repair = next((place for place, past in enumerate(history) if past.action == "repair"), None)
    unsound = [] if repair is None else [past.month for past in history[max(repair - 1, 0) : repair + 1]]
    changed = max((past.month for past in history if past.action in FITTED), default="")
    found = []
    for past in [*history, month]:
        label = past.landed_month
        if label is None or label < changed or label in unsound:
            continue
        found.append(views[label].view.loc[past.landed.index].join(past.landed))
    return found


def level_alarm(cohorts):
    up = down = 0.0
    for rows in cohorts:
        promised = rows["score"].sum() * _learnt["rate"]["usual"]
        error = np.sqrt(promised + (MONTHS_DIFFER * promised) ** 2)
        step = (rows["churned"].sum() - promised) / error
        up, down = max(0.0, up + step - DRIFT), max(0.0, down - step - DRIFT)
    return max(up, down) > LIMIT


def uneven(cohorts):
    """The input one of whose segments stands out, over all sound cohorts of the live model."""
    if not cohorts:
        return None
    rows = pd.concat(cohorts)
    rows = rows[rows["score"] < 0.3]
    common = rows["churned"].sum() / max(rows["score"].sum(), 1e-9)
    best = (UNEVEN, None)
    for name, usual in _learnt["rate"]["segments"].items():
        now = segment_table(rows, name, _learnt["rate"]["edges"][name])
        known = usual.reindex(now.index).fillna(0.0)
        factor = (known["churned"] + 10.0) / (known["score"] * _learnt["rate"]["usual"] + 10.0)
        promised = now["score"] * factor * common
        error = np.sqrt(promised + promised**2 / (known["churned"] + 10.0) + 1.0)
        size = float(((now["churned"] - promised) / error).max())
        best = max(best, (size, name))
    return best[1]
