import numpy as np
import pandas as pd
import pytest

from monitoring.errors import MonitorError
from monitoring.performance.audit_sample import draw_audit
from monitoring.performance.cohort import read
from monitoring.performance.landing import learn_landing, with_landing_weights
from monitoring.performance.profit import Economics

SHOP = Economics(clv=200.0, offer_cost=20.0, contact_cost=1.0, acceptance_rate=0.3)
THRESHOLD = 0.28


@pytest.fixture(scope="module")
def company() -> pd.DataFrame:
    """A cohort in which the scores promise too much order: log-odds of the truth are flatter, and higher."""
    rng = np.random.default_rng(3)
    score = rng.beta(1.0, 12.0, 6000).clip(1e-4, 0.95)
    true = 1.0 / (1.0 + np.exp(-(0.7 * np.log(score / (1.0 - score)) - 0.4)))
    plan = rng.choice(["basic", "plus", "pro"], 6000, p=[0.7, 0.27, 0.03])
    return pd.DataFrame({"score": score, "churned": (rng.random(6000) < true).astype(float), "plan": plan})


def drawn(company: pd.DataFrame, seed: int, share: float = 0.2) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    sample = draw_audit(company["score"], threshold=THRESHOLD, share=share, random=random, segment=company["plan"])
    return company.join(sample.chosen["weight"], how="right")


def test_the_audit_speaks_for_all_without_bias(company: pd.DataFrame) -> None:
    """Level, money and AUC over many draws average to what all labels say."""
    whole = read("2025-01", company, THRESHOLD, SHOP)
    audits = [read("2025-01", drawn(company, seed), THRESHOLD, SHOP) for seed in range(120)]

    for figure, known in (
        ([one.expected for one in audits], whole.expected),
        ([one.calibration_ratio for one in audits], whole.calibration_ratio),
        ([one.gap.value for one in audits], whole.gap.value),
        ([one.gap.campaign for one in audits], whole.gap.campaign),
        ([one.auc.value for one in audits], whole.auc.value),
    ):
        error = np.std(figure, ddof=1) / np.sqrt(len(figure))
        assert abs(np.mean(figure) - known) < 3.5 * error + 2e-3 * abs(known)


def test_it_says_more_than_as_many_customers_at_random(company: pd.DataFrame) -> None:
    def spread(tables: list[pd.DataFrame]) -> float:
        return float(np.std([read("2025-01", one, THRESHOLD, SHOP).gap.campaign for one in tables]))

    at_random = [company.sample(frac=0.2, random_state=seed).assign(weight=5.0) for seed in range(60)]

    assert spread([drawn(company, seed) for seed in range(60)]) < 0.75 * spread(at_random)


def test_every_customer_has_a_known_chance_and_every_segment_its_share(company: pd.DataFrame) -> None:
    sample = draw_audit(
        company["score"], threshold=THRESHOLD, share=0.2, random=np.random.default_rng(1), segment=company["plan"]
    )

    assert len(sample.chosen) == pytest.approx(1200, abs=15)
    assert sample.chosen["inclusion"].between(1e-9, 1.0).all()
    assert (sample.strata["draws"] >= 1).all()
    assert {name.split(",")[0] for name in sample.chosen["stratum"]} == {"basic", "plus", "pro"}
    assert sample.chosen["weight"].sum() == pytest.approx(6000)


def test_the_chances_are_those_of_the_draw(company: pd.DataFrame) -> None:
    few = company.head(400)
    counted = np.zeros(400)
    for seed in range(200):
        random = np.random.default_rng(seed)
        counted[draw_audit(few["score"], threshold=THRESHOLD, share=0.3, random=random).chosen.index] += 1
    sample = draw_audit(few["score"], threshold=THRESHOLD, share=0.3, random=np.random.default_rng(0)).chosen

    assert counted[sample.index] / 200 == pytest.approx(sample["inclusion"].to_numpy(), abs=0.15)


def test_labels_are_bought_where_they_matter(company: pd.DataFrame) -> None:
    chosen = draw_audit(company["score"], threshold=THRESHOLD, share=0.2, random=np.random.default_rng(1)).chosen
    near, far = chosen["score"].between(0.2, 0.35), chosen["score"] < 0.02

    assert chosen.loc[near, "inclusion"].mean() > 3.0 * chosen.loc[far, "inclusion"].mean()


def test_the_same_seed_chooses_the_same_customers(company: pd.DataFrame) -> None:
    assert drawn(company, 5).equals(drawn(company, 5))
    assert not drawn(company, 5).index.equals(drawn(company, 6).index)


def test_all_can_be_asked_for_and_unusable_scores_are_passed_over(company: pd.DataFrame) -> None:
    score = company["score"].head(50).mask(company.index[:50] < 10)
    sample = draw_audit(score, threshold=THRESHOLD, share=1.0, random=np.random.default_rng(1))

    assert list(sample.chosen.index) == list(range(10, 50))
    assert (sample.chosen["weight"] == 1.0).all()


@pytest.mark.parametrize(
    ("share", "score", "words"),
    [(0.0, [0.5], "share is 0.0"), (1.5, [0.5], "share is 1.5"), (0.2, [7.0], "None of 1 scores")],
)
def test_what_cannot_be_drawn_is_refused(share: float, score: list[float], words: str) -> None:
    with pytest.raises(MonitorError, match=words):
        draw_audit(pd.Series(score), threshold=0.3, share=share, random=np.random.default_rng(1))


def landed(company: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The cohort after 40 days, when 3 in 4 leavers and 2 in 5 stayers are known."""
    left = company["churned"] == 1.0
    known = rng.random(len(company)) < np.where(left, 0.75, 0.4)
    return company.assign(churned=company["churned"].where(known))


def test_weights_undo_that_leavers_are_known_first(company: pd.DataFrame) -> None:
    rng = np.random.default_rng(2)
    past = rng.random(20_000) < 0.1
    ages = np.where(past, rng.uniform(0, 40 / 0.75, 20_000), rng.uniform(0, 40 / 0.4, 20_000))
    landing = learn_landing(past, ages)
    whole = read("2025-01", company, THRESHOLD, SHOP)
    naive = [read("2025-01", landed(company, rng).dropna(), THRESHOLD, SHOP).calibration_ratio for _ in range(60)]
    fair = [
        read("2025-01", with_landing_weights(landed(company, rng), landing, 40.0), THRESHOLD, SHOP) for _ in range(60)
    ]

    assert np.mean(naive) > 1.3 * whole.calibration_ratio
    assert np.mean([one.calibration_ratio for one in fair]) == pytest.approx(whole.calibration_ratio, rel=0.03)
    assert np.mean([one.gap.value for one in fair]) == pytest.approx(whole.gap.value, rel=0.1)
    assert np.mean([one.auc.value for one in fair]) == pytest.approx(whole.auc.value, abs=0.005)


def test_residuals_of_landing_labels_are_standard_while_scores_are_true() -> None:
    rng = np.random.default_rng(4)
    past = rng.random(400_000) < 0.1
    landing = learn_landing(past, np.where(past, rng.uniform(0, 40 / 0.75, 400_000), rng.uniform(0, 100, 400_000)))
    found = []
    for _ in range(120):
        score = rng.beta(1.0, 12.0, 3000).clip(1e-4, 0.95)
        table = pd.DataFrame({"score": score, "churned": (rng.random(3000) < score).astype(float)})
        one = read("2025-01", with_landing_weights(landed(table, rng), landing, 40.0), THRESHOLD, SHOP)
        found.append((one.level, one.ranking, one.value, one.campaign))

    assert np.mean(found, axis=0) == pytest.approx([0.0] * 4, abs=0.3)
    assert np.std(found, axis=0) == pytest.approx([1.0] * 4, abs=0.17)


def test_before_stayers_are_known_no_weight_helps() -> None:
    landing = learn_landing([1, 1, 0, 0], [5.0, 20.0, 60.0, 60.0])

    with pytest.raises(MonitorError, match=r"50\.0% of leavers and 0\.0% of stayers are known"):
        with_landing_weights(pd.DataFrame({"score": [0.5], "churned": [1.0]}), landing, 10.0)
    with pytest.raises(MonitorError, match="needs both kinds"):
        learn_landing([1, 1], [1.0, 2.0])
