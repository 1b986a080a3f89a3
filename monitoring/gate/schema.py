"""The schema part of the gate: which columns came, once each, and holding what was promised."""

from typing import Any

import pandas as pd

from monitoring.columns import Kind
from monitoring.gate.contract import ColumnContract, TableContract
from monitoring.gate.reading import ReadColumn, ReadTable
from monitoring.gate.voice import Voice
from monitoring.vocabulary import Measurement

_METHOD = "pandera schema, all failures collected"

_MEANING = {
    Kind.NUMBER: "numbers",
    Kind.FLAG: "true or false",
    Kind.TIME: "times",
    Kind.CATEGORY: "labels",
    Kind.IDENTIFIER: "identifiers",
}


def check_schema(contract: TableContract, table: pd.DataFrame, read: ReadTable, voice: Voice) -> list[Measurement]:
    """Return the schema's measurements: missing, doubled, unexpected columns and columns of the wrong kind.

    `read` are the same columns without those of a name that came before. Pandera is asked only where something is
    wrong: to hear from it that nothing is takes longer than all other checks.
    """
    failures = [] if _kept(contract, table, read) else _failures(contract, table)
    if not failures:
        return [voice.say("schema", 0.0, 0.0, unit="failures", method=_METHOD), *_unexpected(contract, table, voice)]
    return [_told(contract, table, voice, failure) for failure in failures] + _unexpected(contract, table, voice)


def _kept(contract: TableContract, table: pd.DataFrame, read: ReadTable) -> bool:
    """Return whether every promised column came, once, and can be used as the kind that was promised."""
    lacking = any(one.required and one.name not in read for one in contract.columns)
    came = (one for one in contract.columns if one.name in read)
    return not lacking and table.columns.is_unique and all(read[one.name].holds(one.kind) for one in came)


def _failures(contract: TableContract, table: pd.DataFrame) -> list[tuple[str, str]]:
    """Return (check, column) of everything pandera found wrong."""
    import pandera.pandas as pandera

    try:
        _schema(contract).validate(table, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        return _read(errors.failure_cases)
    return []


def _read(cases: pd.DataFrame) -> list[tuple[str, str]]:
    found = []
    for column, check, case in zip(cases["column"], cases["check"], cases["failure_case"], strict=True):
        if check == "column_in_dataframe":
            found.append(("missing_column", str(case)))
        elif check == "dataframe_column_labels_unique":
            found.append(("duplicate_column", ""))
        else:
            found.append(("wrong_kind", str(column)))
    return list(dict.fromkeys(found))


def _schema(contract: TableContract) -> Any:  # noqa: ANN401 - a pandera schema; pandera is imported where used
    import pandera.pandas as pandera

    def column(promise: ColumnContract) -> pandera.Column:
        check = pandera.Check(lambda cells: ReadColumn(cells).holds(promise.kind), name="kind", ignore_na=False)
        return pandera.Column(nullable=True, required=promise.required, checks=check)

    return pandera.DataFrameSchema({one.name: column(one) for one in contract.columns}, unique_column_names=True)


def _told(contract: TableContract, table: pd.DataFrame, voice: Voice, failure: tuple[str, str]) -> Measurement:
    check, name = failure
    if check == "missing_column":
        return voice.say(
            check,
            1.0,
            0.0,
            unit="columns",
            method=_METHOD,
            hard=True,
            note=f'column "{name}" is missing; delivered were: {", ".join(map(str, table.columns))}',
            column=contract.column(name),
        )
    if check == "duplicate_column":
        doubled = ", ".join(sorted({str(label) for label in table.columns[table.columns.duplicated()]}))
        return voice.say(
            check,
            float(table.columns.duplicated().sum()),
            0.0,
            unit="columns",
            method=_METHOD,
            hard=True,
            note=f"column names delivered more than once: {doubled}",
        )
    promise = contract.column(name)
    return voice.say(
        check,
        1.0,
        0.0,
        unit="columns",
        method=_METHOD,
        hard=True,
        note=f'column "{name}" should hold {_MEANING[promise.kind]}, '
        f"but holds other values (type {table[name].dtypes})",
        column=promise,
    )


def _unexpected(contract: TableContract, table: pd.DataFrame, voice: Voice) -> list[Measurement]:
    extra = [str(name) for name in table.columns if name not in contract.names]
    if not extra:
        return []
    return [
        voice.say(
            "unexpected_column",
            float(len(extra)),
            0.0,
            unit="columns",
            method=_METHOD,
            weight=0.0,
            note=f"columns not in the contract: {', '.join(extra)}",
        )
    ]
