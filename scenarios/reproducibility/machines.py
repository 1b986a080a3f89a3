"""The machines of the demonstration: five colleagues and the build server, each with its own day, zone and hashing."""

from typing import Final

import pandas as pd

from scenarios.reproducibility.conditions import Conditions
from scenarios.reproducibility.hidden import AWAY


def _noon(day: str) -> float:
    return pd.Timestamp(f"{day} 12:00", tz="UTC").timestamp()


MACHINES: Final[tuple[tuple[str, Conditions], ...]] = (
    ("laptop in Lyon", Conditions(folder="lyon", zone="Europe/Paris", threads=4, order=2, luck=11, hash_seed=11)),
    (
        "desktop in Austin",
        Conditions(
            folder="austin",
            zone="America/Chicago",
            threads=8,
            order=3,
            luck=22,
            hash_seed=22,
            clock=_noon("2027-01-18"),
        ),
    ),
    (
        "laptop in Auckland",
        Conditions(
            folder="auckland",
            zone="Pacific/Auckland",
            threads=2,
            order=4,
            luck=33,
            hash_seed=33,
            clock=_noon("2027-02-03"),
        ),
    ),
    (
        "build server",
        Conditions(folder="build", threads=1, order=5, luck=44, hash_seed=44, clock=_noon("2027-03-01")),
    ),
    (
        "old server in Mumbai",
        Conditions(
            folder="mumbai",
            zone="Asia/Kolkata",
            threads=16,
            order=6,
            luck=55,
            hash_seed=55,
            locale="C",
            encoding="latin-1",
            clock=_noon("2027-06-01"),
        ),
    ),
)
"""Name and conditions of each."""

PROOF: Final[tuple[Conditions, ...]] = (*(at for _, at in MACHINES), Conditions(folder="home", luck=1), AWAY)
"""Where the cured repository is run in the end: the five machines, a plain one, and one that differs in everything."""
