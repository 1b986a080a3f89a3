"""Who stands where: submissions of the same scenario and level, best first; what has no score comes last."""

from collections.abc import Sequence
from itertools import groupby

from pydantic import BaseModel, ConfigDict

from scenarios.kit.grade.words import Ended, Verdict


class Place(BaseModel):
    """One line of a ranking. `rank` is None where there is no score; equal scores share a rank."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rank: int | None
    verdict: Verdict

    @property
    def reason(self) -> str:
        """The first thing to know beside the score."""
        if self.verdict.problems:
            return self.verdict.problems[0].split("\n")[0]
        return ", ".join(dict.fromkeys(sign.what for sign in self.verdict.signs))


class Group(BaseModel):
    """Submissions that can be compared: the same scenario, version and level; empty names for what is no pack."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    scenario: str
    scenario_version: int | None
    level: str
    places: tuple[Place, ...]

    @property
    def title(self) -> str:
        """What the group is, in words."""
        return f"{self.scenario}, level {self.level}" if self.scenario else "Not recognised as packs"


def ranking(verdicts: Sequence[Verdict]) -> tuple[Group, ...]:
    """Groups in order of their names, unrecognised submissions last."""
    ordered = sorted(verdicts, key=lambda one: (*_group(one), _order(one)))
    return tuple(_ranked(key, list(inside)) for key, inside in groupby(ordered, key=_group))


def _group(one: Verdict) -> tuple[bool, str, int, str]:
    return not one.scenario, one.scenario, one.scenario_version or 0, str(one.level or "")


def _order(one: Verdict) -> tuple[int, float, str]:
    """Graded ones by score, then what could not be used, then what has no score."""
    return list(Ended).index(one.ended), -(one.score or 0.0), one.submission


def _ranked(key: tuple[bool, str, int, str], inside: list[Verdict]) -> Group:
    scores = [one.score for one in inside if one.ended is Ended.GRADED and one.score is not None]
    places = tuple(
        Place(
            rank=1 + sum(other > one.score for other in scores)
            if one.ended is Ended.GRADED and one.score is not None
            else None,
            verdict=one,
        )
        for one in inside
    )
    return Group(scenario=key[1], scenario_version=key[2] or None, level=key[3], places=places)
