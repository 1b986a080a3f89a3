"""The hand in which definitions are written says nothing of them, and changes nothing in them."""

import zlib

import numpy as np
import yaml

from monitoring.performance.metrics import auc
from pipelines.leaks.definition import from_plain, to_plain
from pipelines.leaks.honest import HONEST
from scenarios.base import Draw, Level
from scenarios.leakage.company import luck
from scenarios.leakage.compose import healthy_composition, planted_composition
from scenarios.leakage.hand import PLACES, Hand, hands
from scenarios.leakage.public import definitions_file

TIDY = Hand(remark="", places=tuple(range(PLACES)))


def test_definitions_read_the_same_in_every_hand() -> None:
    for seed in range(20):
        written = definitions_file(HONEST, hands(len(HONEST), np.random.default_rng(seed)))
        read = [to_plain(from_plain(one)) for one in yaml.safe_load(written)]
        assert read == [to_plain(one) for one in HONEST]


def test_no_two_files_are_in_the_same_hand() -> None:
    files = {definitions_file(HONEST, hands(len(HONEST), np.random.default_rng(seed))) for seed in range(20)}
    orders = {tuple(one) for file in files for one in yaml.safe_load(file)}

    assert len(files) == 20
    assert len(orders) > 20
    assert all(next(iter(order)) == "name" for order in orders)


def test_how_well_a_file_can_be_packed_does_not_tell_what_is_planted() -> None:
    plain, by_hand = (_told_by_size(varied=varied) for varied in (False, True))

    assert plain > 0.6
    assert abs(by_hand - 0.5) < 0.1


def _told_by_size(*, varied: bool) -> float:
    """The AUC of a file's packed size, of 120 planted and 120 healthy compositions."""
    packed, planted = [], []
    for seed in range(240):
        draw = Draw(seed=seed, level=list(Level)[seed % 3])
        compose = planted_composition if seed // 3 % 2 else healthy_composition
        written = compose(draw.level, luck(draw, 3)).written()
        hand = hands(len(written), luck(draw, 40)) if varied else (TIDY,) * len(written)
        file = definitions_file(written, hand).encode()
        packed.append(len(zlib.compress(file, 1)) / len(file))
        planted.append(float(seed // 3 % 2))
    return auc(np.array(planted), np.array(packed)).value
