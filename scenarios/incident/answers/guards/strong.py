"""Each step's output must follow from its input, and keys and words must be what they were."""

import numpy as np
import pandas as pd
from features import CATEGORICAL, FEATURES, LOOKBACK_MONTHS, build
from labels import labels
from scoring import live, score

KEYS = {"tickets": ["ticket_id", "event"], "usage": ["customer_id", "event_at"], "invoices": ["customer_id"]}
WORDS = {
    "payments": ["outcome", "decline_code"],
    "tickets": ["event", "category"],
    "subscriptions": ["event", "reason"],
    "attribute_history": ["plan", "contract", "payment_method"],
    "customers": ["channel", "region", "segment", "platform"],
}
WHOLE = ("customers", "attribute_history", "subscriptions")
COUNTS = ["sessions", "active_minutes", "distinct_features"]


def check(month_tables, history):
    """What is wrong with a month, as a list of texts; empty where nothing is."""
    found = [*raw(month_tables, history)]
    if "scores" in month_tables:
        for step in (feature_job, scoring_job, campaign, label_job):
            found += step(month_tables, history)
    return found


def raw(month, history):
    for table, keys in KEYS.items():
        twice = int(month[table].duplicated(keys).sum())
        if twice:
            yield f"{table}: {twice} rows repeat {keys}"
    for table, columns in WORDS.items():
        for column in columns:
            known = set().union(*(set(past[table][column].dropna()) for past in history))
            new = set(month[table][column].dropna()) - known
            if new:
                yield f"{table}.{column}: new words {sorted(new)}"
    usage, before = month["usage"], history[-1]["usage"]
    zeros = share_of_zeros(usage)
    if zeros > max(share_of_zeros(past["usage"]) for past in history) + 0.05:
        yield f"usage: {zeros:.1%} of the rows are 0 throughout"
    same = share_unchanged(usage, before)
    if same > 0.3:
        yield f"usage: {same:.0%} of the customers have last month's weeks again"


def share_of_zeros(usage):
    return (usage[COUNTS] == 0).all(axis=1).mean()


def share_unchanged(usage, before):
    now, then = (fingerprint(table) for table in (usage, before))
    both = now.index.intersection(then.index)
    return (now.loc[both] == then.loc[both]).all(axis=1).sum() / max(len(now), 1)


def fingerprint(usage):
    groups = usage.groupby("customer_id")
    return pd.DataFrame({"weeks": groups.size(), "n": groups["sessions"].sum(), "m": groups["active_minutes"].sum()})


def tables_before(month, history):
    months = [*history, month]
    recent = months[-LOOKBACK_MONTHS:]
    names = [name for name in month if name in history[-1] and name not in ("features", "scores", "offers", "registry")]
    names = [name for name in names if name != "labels"]
    return {n: pd.concat([past[n] for past in (months if n in WHOLE else recent)], ignore_index=True) for n in names}


def feature_job(month, history):
    stored = month["features"].set_index("customer_id")
    made = build(tables_before(month, history), month["scores"]["cutoff"].iloc[0]).reindex(stored.index)
    off = [name for name in FEATURES if differs(stored[name], made[name], name)]
    return [f"feature job: {len(off)} inputs do not follow from the raw tables, such as {off[0]}"] if off else []


def differs(stored, made, name):
    if name in CATEGORICAL:
        return bool((stored.astype("object").fillna("") != made.astype("object").fillna("")).any())
    return not np.allclose(stored.to_numpy(float), made.to_numpy(float), atol=1e-6, rtol=0.0, equal_nan=True)


def scoring_job(month, history):
    anew = score(live(month["registry"]), month["features"].set_index("customer_id"))
    logged = month["scores"].set_index("customer_id")["score"].reindex(anew.index)
    off = int(((logged - anew).abs() > 1e-6).sum() + logged.isna().sum())
    return [f"scoring job: {off} scores are not the live model's"] if off else []


def campaign(month, history):
    logged = month["scores"].set_index("customer_id")["score"]
    due = logged.index[logged >= live(month["registry"])["threshold"]]
    off = len(due.symmetric_difference(pd.Index(month["offers"]["customer_id"])))
    return [f"campaign: {off} offers do not follow from the scores"] if off else []


def label_job(month, history):
    if "labels" not in month:
        return []
    landed = month["labels"].set_index("customer_id")
    cutoff = pd.Timestamp(f"{landed['cohort'].iloc[0]}-01")
    made = labels(tables_before(month, history), landed.index, cutoff, as_of=month["scores"]["cutoff"].iloc[0])
    off = int((landed["churned"].fillna(-1) != made.fillna(-1)).sum())
    return [f"label job: {off} labels do not follow from the subscriptions"] if off else []
