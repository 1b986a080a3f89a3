"""The sound answer: rebuild from what was known, pair with the log, repair, and measure on months never trained on."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from monitoring.leakage.audit import look
from monitoring.leakage.vocabulary import ColumnFinding, ColumnVerdict, Question, ServingFindings
from pipelines.leaks.definition import from_plain, values
from scenarios.base import Answer, AnswerSheet, Estimate, Finding
from scenarios.leakage.answers.material import Material, by_month
from scenarios.leakage.codes import OVERWRITTEN, POST_OUTCOME, SKEW
from scenarios.leakage.grade import DROP, NAME, REBUILD

SEED: Final = 1
"""Of the audit's draws."""


def strong(folder: Path) -> Answer:
    """The whole audit, every leaking definition rewritten where a log holds its past, and figures by month."""
    case = Material(folder)
    looked = look(question(case), seed=SEED)
    return answer_of(case, looked.columns(), looked.serving())


def answer_of(case: Material, columns: Sequence[ColumnFinding], serving: ServingFindings) -> Answer:
    """The answer that follows from an audit."""
    leaking = [c for c in columns if c.verdict is ColumnVerdict.LEAK]
    skewed = [s for s in serving.skewed if s.name not in {c.name for c in leaking}]
    mended = {c.name: rewritten(case, c.name) for c in leaking}
    findings = (
        *(_leak(c, mechanism_of(case, c), rebuilt=mended[c.name] is not None) for c in leaking),
        *(Finding(where=s.name, mechanism=SKEW, action=REBUILD, evidence=s.says) for s in skewed),
    )
    return Answer(
        sheet=AnswerSheet(
            scenario=NAME,
            trust=not findings,
            findings=findings,
            estimates={"auc": _honest(case, mended), "deployed_auc": _deployed(case)},
            rationale="Each leaking cell changes when rows that had not arrived by the cutoff are taken away.",
        )
    )


def question(case: Material) -> Question:
    """What the audit is asked: the table, the log, the events and the builder."""
    return Question(
        table=case.table.drop(columns="row_id"),
        target="churned",
        time="cutoff",
        entity="customer_id",
        split="split",
        serving=case.log.drop(columns="score"),
        events=case.tables,
        builder=case.builder,
    )


def mechanism_of(case: Material, column: ColumnFinding) -> str:
    """The audit's word, made narrower for a field that is only filled for those who left: nothing was overwritten."""
    plain = next(one for one in case.definitions if one["name"] == column.name)
    rows = case.tables.get(str(plain["table"]), pd.DataFrame())
    if column.mechanism != OVERWRITTEN or plain.get("column") not in rows.columns:
        return str(column.mechanism)
    filled = rows[rows[str(plain["column"])].notna()]
    log = case.tables["subscriptions"]
    left = log.loc[log["event"] == "end", "customer_id"]
    return POST_OUTCOME if len(filled) and filled["customer_id"].isin(left).all() else str(column.mechanism)


def _leak(column: ColumnFinding, mechanism: str, *, rebuilt: bool) -> Finding:
    return Finding(
        where=column.name,
        mechanism=mechanism,
        action=REBUILD if rebuilt else DROP,
        probability=column.confidence,
        evidence=column.evidence[0].says if column.evidence else "",
    )


_PAST_OF: Final[Mapping[tuple[str, str], tuple[str, str, str | None]]] = {
    ("totals", "tenure_days"): ("customers", "days_since_first", None),
    ("accounts", "household_size"): ("profiles", "attribute", "household_size"),
    ("accounts", "account_no"): ("profiles", "attribute", "account_no"),
    ("accounts", "record_no"): ("profiles", "attribute", "account_no"),
}
"""Where the past of an overwritten column lies: table, measure and column."""

_TERMS = ("plan", "contract", "auto_renew", "contract_ends_at", "payment_method", "discount_pct")
"""Overwritten attributes whose history is kept in `attribute_history`."""


def rewritten(case: Material, name: str) -> dict[str, object] | None:
    """The definition made honest: bounds moved to the cutoff, overwritten tables replaced by their history.

    None where no log holds the column's past.
    """
    plain = dict(next(one for one in case.definitions if one["name"] == name))
    table, column = str(plain["table"]), str(plain.get("column", ""))
    for bound in ("known", "ahead_days"):
        plain.pop(bound, None)
    if table == "accounts" and column in _TERMS:
        return plain | {"table": "attribute_history"}
    if (table, column) in _PAST_OF:
        source, measure, other = _PAST_OF[table, column]
        moved = {key: value for key, value in plain.items() if key not in ("column", "back_days")}
        return moved | {"table": source, "measure": measure} | ({} if other is None else {"column": other})
    return None if table in ("accounts", "totals") else plain


def _honest(case: Material, mended: Mapping[str, dict[str, object] | None]) -> Estimate:
    """The learner on the repaired table, judged on the months after those it was trained on."""
    dropped = [name for name, plain in mended.items() if plain is None]
    table = _repaired(case, [plain for plain in mended.values() if plain is not None])
    columns = [name for name in case.features if name not in dropped]
    model = case.trained(columns, table)
    later = case.part("test", "served")
    churned = case.table["churned"].to_numpy(np.float64)[later]
    return by_month(churned, model.score(table[columns][later]), case.table["cutoff"][later])


def _repaired(case: Material, plain: Sequence[dict[str, object]]) -> pd.DataFrame:
    """The training table with rewritten columns, cutoff by cutoff."""
    definitions = [from_plain(one) for one in plain]
    if not definitions:
        return case.table
    table = case.table.copy()
    for cutoff, rows in case.table.groupby("cutoff"):
        made = values(definitions, case.tables, pd.Timestamp(str(cutoff)), pd.Index(rows["customer_id"]))
        for name in made:
            table[name] = table[name].astype(made[name].dtype)
            table.loc[rows.index, name] = made[name].to_numpy()
    return table


def _deployed(case: Material) -> Estimate:
    labels = case.served_labels()
    known = ~np.isnan(labels)
    return by_month(labels[known], case.log["score"].to_numpy()[known], case.log["cutoff"][known])
