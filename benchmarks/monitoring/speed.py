"""How fast the input statistics are, and how often they cry wolf: CPU seconds beside Evidently, memory, false alarms.

Run it as `python benchmarks/monitoring/speed.py --profile full`, or with `--profile small`.
"""

import argparse
import json
import platform
import resource
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table

from monitoring.drift.comparison import compare
from monitoring.drift.inputs import InputReference, build_inputs, input_reference, measure_columns, measure_inputs
from monitoring.drift.reference import Scale, learn_scale, reference_of, sketch_chunks
from monitoring.drift.statistics import missing_p_value
from monitoring.months import index_of, name_of

RESULT: Final = Path(__file__).parents[1] / "results" / "monitoring_speed.json"
TARGET_CPU_SECONDS: Final = 1.0
TARGET_LARGE_SECONDS: Final = 120.0
FIRST: Final = "2025-01"
BEFORE: Final = "2024-12"
LEVEL: Final = 0.05
KILOBYTES: Final = 1024.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """How much is measured. `large` is rows and columns of the run that comes in chunks of `chunk` rows."""

    name: str
    months: int
    rows: int
    columns: int
    evidently_months: int
    large: tuple[int, int]
    chunk: int
    workers: int
    currents: tuple[int, ...]
    references: tuple[int, ...]
    draws: int


PROFILES: Final = {
    one.name: one
    for one in (
        Profile(
            name="small",
            months=12,
            rows=10_000,
            columns=20,
            evidently_months=1,
            large=(20_000, 40),
            chunk=10_000,
            workers=1,
            currents=(50, 1000),
            references=(300, 10_000),
            draws=100,
        ),
        Profile(
            name="full",
            months=12,
            rows=100_000,
            columns=20,
            evidently_months=2,
            large=(1_000_000, 200),
            chunk=100_000,
            workers=2,
            currents=(50, 200, 1000, 10_000),
            references=(300, 10_000, 100_000),
            draws=1000,
        ),
    )
}


def measure(profile: str) -> dict[str, Any]:
    """Everything the table shows, for the profile "small" or "full"."""
    chosen = PROFILES[profile]
    return {
        "profile": asdict(chosen),
        "python": platform.python_version(),
        "statistics": _statistics(chosen),
        "large": _large(chosen),
        "false_alarms": list(_false_alarms(chosen)),
    }


def _numbers(rng: np.random.Generator, rows: int, place: int) -> np.ndarray:
    draws: tuple[Callable[[], np.ndarray], ...] = (
        lambda: rng.standard_normal(rows),
        lambda: rng.lognormal(0.0, 1.0, rows),
        lambda: rng.gamma(2.0, 1.0, rows),
    )
    return draws[place % 3]()


def _labels(rng: np.random.Generator, rows: int, place: int) -> pd.Categorical:
    levels = (2, 3, 5, 10, 20, 50)[place % 6]
    return pd.Categorical.from_codes(
        rng.integers(0, levels, rows, dtype=np.int8), [f"level {code}" for code in range(levels)]
    )


def made(rows: int, columns: int, seed: tuple[int, ...], *, text: bool) -> pd.DataFrame:
    """A table of which seven columns in ten are numbers, the rest categories: as text, or with a dictionary."""
    rng = np.random.default_rng(seed)
    numbers = round(0.7 * columns)
    found: dict[str, Any] = {f"number_{place}": _numbers(rng, rows, place) for place in range(numbers)}
    kinds = {f"kind_{place}": _labels(rng, rows, place) for place in range(columns - numbers)}
    return pd.DataFrame(found | {name: one.astype("str") if text else one for name, one in kinds.items()})


def _statistics(profile: Profile) -> dict[str, float]:
    """CPU seconds of the column statistics of all months, of all input statistics, and of Evidently's preset."""
    good = made(profile.rows, profile.columns, (1, 0), text=True)
    tables = {_month(at): made(profile.rows, profile.columns, (1, at + 1), text=True) for at in range(profile.months)}
    weights = dict.fromkeys(map(str, good.columns), 1.0 / len(good.columns))
    began = time.process_time()
    reference = build_inputs({BEFORE: good}, weights=weights)
    built = time.process_time() - began
    measure_inputs(reference, good, FIRST, weights)  # libraries are loaded once, by whoever comes first
    return {
        "reference_cpu_seconds": built,
        "cpu_seconds": _cpu(lambda: _by_column(reference, tables, weights)),
        "with_pairs_and_classifier_cpu_seconds": _cpu(lambda: _all_inputs(reference, tables, weights)),
        "target_cpu_seconds": TARGET_CPU_SECONDS,
    } | _evidently(profile, good, tables)


def _month(at: int) -> str:
    return name_of(index_of(FIRST) + at)


def _cpu(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _by_column(reference: InputReference, tables: Mapping[str, pd.DataFrame], weights: Mapping[str, float]) -> None:
    scales = [one.scale for one in reference.columns]
    for month, table in tables.items():
        measure_columns(reference, sketch_chunks(scales, [table]), month, weights)


def _all_inputs(reference: InputReference, tables: Mapping[str, pd.DataFrame], weights: Mapping[str, float]) -> None:
    for month, table in tables.items():
        measure_inputs(reference, table, month, weights)


def _evidently(profile: Profile, good: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> dict[str, float]:
    """CPU seconds of `DataDriftPreset`, measured on the first months and extrapolated to all."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Evidently's own making
        from evidently import DataDefinition, Dataset, Report
        from evidently.presets import DataDriftPreset

        numbers = [name for name in good.columns if name.startswith("number")]
        definition = DataDefinition(
            numerical_columns=numbers, categorical_columns=[name for name in good.columns if name not in numbers]
        )
        before = Dataset.from_pandas(good, data_definition=definition)
        chosen = list(tables.values())[: profile.evidently_months]

        def run() -> None:
            for table in chosen:
                now = Dataset.from_pandas(table, data_definition=definition)
                Report([DataDriftPreset()]).run(now, before).dict()

        seconds = _cpu(run)
    return {
        "evidently_months": float(len(chosen)),
        "evidently_measured_cpu_seconds": seconds,
        "evidently_extrapolated_cpu_seconds": seconds * len(tables) / len(chosen),
    }


_SHARED: dict[str, Any] = {}
"""What a worker of the large run is given once."""


def _large(profile: Profile) -> dict[str, float]:
    """Wall and CPU seconds of months that are made and sketched chunk by chunk, and the peak memory of a process.

    The monitor's work is to read the reference and to sketch and compare the months; making the rows is not. Wall time
    holds both, and on a busy machine the time in which nothing was done; `least_wall_seconds` is what is left where
    every worker has a core to itself.
    """
    began, began_cpu = time.perf_counter(), time.process_time()
    reference, made_first = _large_reference(profile)
    read_cpu = time.process_time() - began_cpu - made_first
    jobs = range(profile.months)
    if profile.workers == 1:
        _share(profile, reference)
        done = [_large_month(at) for at in jobs]
    else:
        with ProcessPoolExecutor(profile.workers, initializer=_share, initargs=(profile, reference)) as pool:
            done = list(pool.map(_large_month, jobs))
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    wall = time.perf_counter() - began
    making, statistics = (sum(one[name] for one in done) for name in ("making", "statistics"))
    return {
        "rows": float(profile.large[0]),
        "columns": float(profile.large[1]),
        "workers": float(profile.workers),
        "wall_seconds": wall,
        "least_wall_seconds": read_cpu + made_first + (making + statistics) / profile.workers,
        "making_cpu_seconds": made_first + making,
        "reference_cpu_seconds": read_cpu,
        "statistics_cpu_seconds": statistics,
        "peak_memory_mb": max(resource.getrusage(one).ru_maxrss for one in who) / KILOBYTES,
        "target_seconds": TARGET_LARGE_SECONDS,
    }


def _share(profile: Profile, reference: InputReference) -> None:
    _SHARED.update(profile=profile, reference=reference)


def _chunks(profile: Profile, seed: int) -> Iterator[pd.DataFrame]:
    rows, columns = profile.large
    for part in range(rows // profile.chunk):
        yield made(profile.chunk, columns, (2, seed, part), text=False)


def _large_reference(profile: Profile) -> tuple[InputReference, float]:
    """One good month, read in chunks, and the CPU seconds it took to make them; the first chunk gives the scales."""
    made = _Made()
    first = next(made.timed(_chunks(profile, 0)))
    scales = [learn_scale([first], str(name)) for name in first.columns]
    sketches = sketch_chunks(scales, made.timed(_chunks(profile, 0)))
    return input_reference(tuple(reference_of(one, {BEFORE: sketches[one.name]}) for one in scales)), made.seconds


def _large_month(at: int) -> dict[str, float]:
    """One month: CPU seconds for making the rows, and for all statistics on them."""
    profile, reference = _SHARED["profile"], _SHARED["reference"]
    made, began = _Made(), time.process_time()
    sketches = sketch_chunks([one.scale for one in reference.columns], made.timed(_chunks(profile, at + 1)))
    measure_columns(reference, sketches, _month(at), {})
    return {"making": made.seconds, "statistics": time.process_time() - began - made.seconds}


@dataclass
class _Made:
    """CPU seconds spent on making rows."""

    seconds: float = 0.0

    def timed(self, chunks: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        """The chunks, whose making is counted."""
        while True:
            began = time.process_time()
            chunk = next(chunks, None)
            self.seconds += time.process_time() - began
            if chunk is None:
                return
            yield chunk


COLUMNS: Final[Mapping[str, Callable[[np.random.Generator, int], Any]]] = {
    "number without ties": lambda rng, rows: rng.lognormal(0.0, 1.0, rows),
    "counts": lambda rng, rows: rng.poisson(1.0, rows).astype(np.float64),
    "half zeros": lambda rng, rows: np.where(rng.random(rows) < 0.5, 0.0, rng.gamma(2.0, 1.0, rows)),  # noqa: PLR2004
    "5 levels": lambda rng, rows: _kinds(rng, rows, 5),
    "50 levels": lambda rng, rows: _kinds(rng, rows, 50),
}
"""The null columns of the false-alarm table: two draws from the same distribution."""


def _kinds(rng: np.random.Generator, rows: int, levels: int) -> pd.Categorical:
    uneven = 1.0 / np.arange(1.0, levels + 1.0)
    codes = np.searchsorted(np.cumsum(uneven / uneven.sum()), rng.random(rows))
    return pd.Categorical.from_codes(np.minimum(codes, levels - 1), [f"level {code}" for code in range(levels)])


def _false_alarms(profile: Profile) -> Iterator[dict[str, Any]]:
    """How often p < .05 where nothing has changed, by column and by the rows on both sides."""
    for place, (column, draw) in enumerate(COLUMNS.items()):
        for before in profile.references:
            rng = np.random.default_rng([3, place, before])
            found = [_null_p_values(rng, draw, before, profile.currents) for _ in range(profile.draws)]
            for at, now in enumerate(profile.currents):
                yield _rate(column, before, now, [one[at] for one in found])
    for before in profile.references:
        for now in profile.currents:
            rng = np.random.default_rng([4, before, now])
            empty = zip(rng.binomial(before, 0.1, profile.draws), rng.binomial(now, 0.1, profile.draws), strict=True)
            yield _rate("empty cells, 10 %", before, now, [missing_p_value((a, before), (b, now)) for a, b in empty])


def _null_p_values(
    rng: np.random.Generator,
    draw: Callable[[np.random.Generator, int], Any],
    before: int,
    currents: tuple[int, ...],
) -> list[float]:
    """P-values of windows of several sizes against one reference."""
    good = pd.DataFrame({"x": draw(rng, before)})
    scale: Scale = learn_scale([good], "x")
    reference = scale.sketch(good)
    return [compare(reference, scale.sketch(pd.DataFrame({"x": draw(rng, now)}))).p_value for now in currents]


def _rate(column: str, before: int, now: int, p_values: list[float]) -> dict[str, Any]:
    return {"column": column, "reference": before, "rows": now, "rate": float(np.mean(np.array(p_values) <= LEVEL))}


def table(result: Mapping[str, Any]) -> Table:
    """The figures of `measure`, one row each."""
    shown = Table(
        title="Input statistics: speed, memory, false alarms", caption="null columns, p <= .05 is nominal 5 %"
    )
    for header in ("what", "measured", "target or peer"):
        shown.add_column(header, justify="left" if header == "what" else "right")
    for row in (*_speed_rows(result), *_large_rows(result["large"]), *_alarm_rows(result)):
        shown.add_row(*row)
    return shown


def _speed_rows(result: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    profile, found = result["profile"], result["statistics"]
    size = f"{profile['months']} x {profile['rows']:,} rows x {profile['columns']} columns"
    peer = f"DataDriftPreset {found['evidently_extrapolated_cpu_seconds']:.1f} (from {found['evidently_months']:.0f})"
    return [
        (f"{size}, column statistics, CPU s", f"{found['cpu_seconds']:.2f}", f"<= {TARGET_CPU_SECONDS}; {peer}"),
        (
            "the same with pairs and domain classifier, CPU s",
            f"{found['with_pairs_and_classifier_cpu_seconds']:.2f}",
            "",
        ),
        ("reading the reference month, CPU s", f"{found['reference_cpu_seconds']:.2f}", ""),
    ]


def _large_rows(found: Mapping[str, float]) -> list[tuple[str, str, str]]:
    size = f"12 x {found['rows']:,.0f} rows x {found['columns']:.0f} columns"
    return [
        (f"{size}, wall s with making the rows", f"{found['wall_seconds']:.0f}", f"<= {TARGET_LARGE_SECONDS:.0f}"),
        ("the same with a core for each worker, wall s", f"{found['least_wall_seconds']:.0f}", ""),
        ("making the rows, CPU s", f"{found['making_cpu_seconds']:.1f}", ""),
        (
            "the monitor's work: the reference, and the statistics of the months, CPU s",
            f"{found['reference_cpu_seconds']:.1f} + {found['statistics_cpu_seconds']:.1f}",
            "",
        ),
        ("peak memory of a process, MB", f"{found['peak_memory_mb']:.0f}", ""),
    ]


def _alarm_rows(result: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """One row a column and reference, with the rates of windows of rising size."""
    rates: dict[tuple[str, int], list[str]] = {}
    for one in result["false_alarms"]:
        rates.setdefault((one["column"], one["reference"]), []).append(f"{one['rate']:.1%}")
    windows = ", ".join(f"{rows:,}" for rows in result["profile"]["currents"])
    return [
        (f"{column}: {windows} rows against {before:,}", "  ".join(shown), "5.0%")
        for (column, before), shown in rates.items()
    ]


def main() -> None:
    """Measure a profile, print the table, and keep the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--profile", choices=sorted(PROFILES), default="full")
    result = measure(options.parse_args().profile)
    Console().print(table(result))
    RESULT.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
