"""What is planted is what is meant: enough of it, of the right kind, and nothing in a control."""

import numpy as np
import pandas as pd
import pytest

from scenarios.base import Case, Level
from scenarios.features.exam import codes
from scenarios.features.exam.bank import BANK
from scenarios.features.exam.company import luck
from scenarios.features.exam.compose import Composition, composed
from scenarios.features.exam.dictionary import ENTRIES, OTHERWISE, WRONG, written
from scenarios.features.exam.truth import FeaturesTruth

DAY = pd.Timedelta(days=1)


@pytest.mark.parametrize("level", list(Level))
def test_every_case_holds_twelve_data_faults_wrong_labels_and_wrong_lines(level: Level) -> None:
    for seed in range(40):
        case = composed(level, luck(seed, 1))

        assert len(case.faults) >= 12
        assert len(case.labels) >= 2
        assert len(case.lines) >= 2


def test_no_two_faults_of_a_case_hide_each_other() -> None:
    for seed in range(60):
        groups = [one.excludes for one, _ in composed(Level.SENIOR, luck(seed, 1)).faults if one.excludes]

        assert len(groups) == len(set(groups))


def test_the_first_month_of_a_record_is_sound() -> None:
    for seed in range(40):
        case = composed(Level.JUNIOR, luck(seed, 1))

        assert min([pulled.start for _, pulled in case.faults] + [one.start for one in case.labels]) >= 1


def test_a_junior_case_is_louder_than_a_senior_one() -> None:
    def mean_place(level: Level) -> float:
        cases = [composed(level, luck(seed, 1)) for seed in range(20)]
        return float(np.mean([_place(case) for case in cases]))

    assert mean_place(Level.JUNIOR) > mean_place(Level.MID) + 0.2
    assert mean_place(Level.MID) > mean_place(Level.SENIOR) + 0.2


def _place(case: Composition) -> float:
    """Where doses lie between quiet and loud."""
    return float(np.mean([(pulled.dose - one.quiet) / (one.loud - one.quiet) for one, pulled in case.faults]))


def test_every_fault_of_the_bank_has_a_quiet_and_a_loud_dose_that_are_allowed() -> None:
    for one in BANK:
        assert 0.0 < one.quiet <= one.loud <= one.fault.most, one.name
        assert one.mechanism in codes.CODES, one.name


def test_rows_stand_in_the_order_in_which_they_could_be_read(senior: Case[FeaturesTruth]) -> None:
    for name, rows in senior.truth.tables.items():
        assert rows["available_at"].is_monotonic_increasing, name


def test_nothing_is_handed_out_that_could_not_be_read_at_the_extract(senior: Case[FeaturesTruth]) -> None:
    for name, rows in senior.public.items():
        if name.startswith("tables/"):
            assert isinstance(rows, pd.DataFrame)
            assert rows["available_at"].max() < senior.truth.extract


def test_the_labels_that_are_handed_out_do_not_say_which_are_wrong(senior: Case[FeaturesTruth]) -> None:
    handed = senior.public["labels.parquet"]

    assert isinstance(handed, pd.DataFrame)
    assert list(handed.columns) == ["customer_id", "cutoff", "churned"]


def test_a_control_has_right_labels_clean_tables_and_a_right_dictionary(sound: Case[FeaturesTruth]) -> None:
    usage = sound.truth.tables["usage"]
    dictionary = sound.public["data_dictionary.csv"]

    assert not sound.truth.wrong.any()
    assert not usage.duplicated(["customer_id", "event_at"]).any()
    assert usage["sessions"].between(1, 500).all()
    assert isinstance(dictionary, pd.DataFrame)
    words = ["about", "owner"]
    assert dictionary.drop(columns=words).equals(written().drop(columns=words))


def test_no_type_and_no_wording_tells_a_control(senior: Case[FeaturesTruth], sound: Case[FeaturesTruth]) -> None:
    for name, rows in sound.truth.tables.items():
        assert rows.dtypes.equals(senior.truth.tables[name].dtypes), name
    said = [tuple(written(luck=luck(seed, 9))["about"]) for seed in range(20)]
    assert len(set(said)) == len(said)
    assert set(OTHERWISE) <= {one.place for one in ENTRIES}


def test_a_wrong_line_is_worded_as_the_right_one_would_be_unless_its_words_are_wrong() -> None:
    sound = {one.place: one.about for one in ENTRIES}
    by_range = [one for one in WRONG if one.about == sound[one.place]]

    for seed in range(20):
        right, wrong = (written(lines, luck(seed, 9)) for lines in ((), by_range))
        assert not right.equals(wrong)
        assert right[["about", "owner"]].equals(wrong[["about", "owner"]])
    by_word = [one for one in WRONG if one.about != sound[one.place]]
    assert {one.about for one in by_word} <= set(written(by_word, luck(3, 9))["about"])


def test_wrong_labels_go_both_ways_and_are_few(senior: Case[FeaturesTruth]) -> None:
    labels, wrong = senior.truth.labels, senior.truth.wrong

    assert 0.01 < wrong.mean() < 0.08
    assert set(labels.loc[wrong, "churned"]) <= {0.0, 1.0}


def test_who_is_booked_as_churned_wrongly_goes_on_using_the_product(senior: Case[FeaturesTruth]) -> None:
    """The definition of a wrong label: the log says gone, and life goes on."""
    truth = senior.truth
    booked = truth.labels[truth.wrong & (truth.labels["churned"] == 1.0)]
    usage = truth.tables["usage"].groupby("customer_id")["event_at"].max().dt.floor("D")

    alive = usage.reindex(booked["customer_id"]).to_numpy() >= (booked["cutoff"] + 28 * DAY).to_numpy()

    assert len(booked) > 50
    assert alive.mean() > 0.9


def test_the_best_possible_score_leaves_room(senior: Case[FeaturesTruth], sound: Case[FeaturesTruth]) -> None:
    assert senior.truth.bayes == sound.truth.bayes
    assert senior.truth.bayes - senior.truth.baseline > 0.15
    assert sound.truth.baseline > senior.truth.baseline


def test_a_wrong_line_differs_from_the_right_one_in_what_can_be_checked() -> None:
    right = {one.place: one for one in ENTRIES}

    for line in WRONG:
        known = right[line.place]
        assert (line.unit, line.low, line.high, line.words) != (known.unit, known.low, known.high, known.words)
