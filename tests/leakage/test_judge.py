from monitoring.leakage.judge import judge
from monitoring.leakage.vocabulary import Clue, ColumnVerdict, Mechanism

LEAK, SUSPECT, OK, IGNORED = ColumnVerdict.LEAK, ColumnVerdict.SUSPECT, ColumnVerdict.OK, ColumnVerdict.IGNORED


def clue(verdict: ColumnVerdict, confidence: float, mechanism: Mechanism = Mechanism.UNKNOWN) -> Clue:
    return Clue(column="x", check="c", mechanism=mechanism, verdict=verdict, confidence=confidence, says="so")


def verdict(*clues: Clue, ignored: bool = False) -> tuple[ColumnVerdict, float]:
    (found,) = judge(["x"], clues, {"x": "an identifier"} if ignored else {})
    return found.verdict, round(found.confidence, 3)


def test_without_clues_a_column_is_ok_or_ignored_with_the_reason() -> None:
    (found,) = judge(["x"], [], {"x": "an identifier"})

    assert verdict() == (OK, 0.5)
    assert found.verdict is IGNORED
    assert found.evidence[0].says == "an identifier"


def test_the_strongest_clue_decides_and_like_ones_add_up_short_of_proof() -> None:
    assert verdict(clue(SUSPECT, 0.7), clue(LEAK, 0.9)) == (LEAK, 0.9)
    assert verdict(clue(LEAK, 0.9), clue(LEAK, 0.8)) == (LEAK, 0.98)
    assert verdict(clue(LEAK, 0.97), clue(LEAK, 0.97)) == (LEAK, 0.99)
    assert verdict(clue(LEAK, 1.0), clue(LEAK, 0.5)) == (LEAK, 1.0)


def test_proof_of_honesty_clears_signs_but_not_proof_of_a_leak() -> None:
    assert verdict(clue(OK, 1.0), clue(LEAK, 0.97)) == (OK, 1.0)
    assert verdict(clue(OK, 1.0), clue(LEAK, 1.0)) == (LEAK, 1.0)


def test_a_faint_suspicion_is_shown_but_does_not_accuse() -> None:
    (found,) = judge(["x"], [clue(SUSPECT, 0.2)], {})

    assert found.verdict is OK
    assert len(found.evidence) == 1


def test_an_ignored_column_is_accused_all_the_same() -> None:
    assert verdict(clue(LEAK, 0.93), ignored=True)[0] is LEAK


def test_the_mechanism_is_the_strongest_clues_that_names_one() -> None:
    clues = [clue(LEAK, 0.9), clue(LEAK, 0.8, Mechanism.TIME_STAMP), clue(SUSPECT, 0.7, Mechanism.TARGET_COPY)]

    (found,) = judge(["x"], clues, {})

    assert found.mechanism is Mechanism.TIME_STAMP
    assert [one.confidence for one in found.evidence] == [0.9, 0.8, 0.7]
