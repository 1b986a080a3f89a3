"""What each repair of a case is worth: the learner retrained on it, scored in the sealed months."""

from pipelines.leaks.leak import Family
from scenarios.leakage.story import Choice
from scenarios.leakage.truth import LeakageTruth, future_auc


def choices(truth: LeakageTruth) -> tuple[Choice, ...]:
    """Every way of dropping, rebuilding and mending that differs in this case; none where nothing was planted."""
    leaking = [name for name, fault in truth.faulty.items() if fault.kind != Family.SKEW]
    skewed = [name for name, fault in truth.faulty.items() if fault.kind == Family.SKEW]
    if not truth.faults:
        return ()
    mended = (
        _choice("drop the leaks, mend the job", truth, leaking, skewed),
        _choice("rebuild the leaks, mend the job", truth, [], [*leaking, *skewed]),
        _choice("drop every column something was planted in", truth, [*leaking, *skewed], []),
    )
    return (
        Choice(name="touch nothing", real=round(truth.deployed, 4)),
        _choice("drop the leaks", truth, leaking, []),
        _choice("rebuild the leaks", truth, [], leaking),
        *(mended if skewed else ()),
    )


def _choice(name: str, truth: LeakageTruth, dropped: list[str], rebuilt: list[str]) -> Choice:
    return Choice(name=name, real=round(future_auc(truth, dropped=dropped, rebuilt=rebuilt), 4))
