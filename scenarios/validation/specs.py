"""Changing a pipeline's ordered steps without touching the one that was given."""

from collections.abc import Mapping
from typing import Any, TypeAlias

Spec: TypeAlias = Mapping[str, Any]
"""A pipeline as read from ``pipeline.yaml``: `seed` and `steps`, each step a mapping with `name` and `do`."""

Step: TypeAlias = Mapping[str, Any]


def steps_of(spec: Spec) -> list[Step]:
    """The steps in order."""
    return list(spec["steps"])


def find(spec: Spec, do: str) -> Step | None:
    """The first step that does `do`, or None."""
    return next((step for step in spec["steps"] if step["do"] == do), None)


def place(spec: Spec, do: str) -> int:
    """The position of the first step that does `do`; -1 where there is none."""
    return next((at for at, step in enumerate(spec["steps"]) if step["do"] == do), -1)


def before(spec: Spec, do: str, other: str) -> bool:
    """Whether a step `do` is there and comes before the first step `other`."""
    return -1 < place(spec, do) < place(spec, other)


def with_steps(spec: Spec, steps: list[Step]) -> Spec:
    """The pipeline with other steps."""
    return {**spec, "steps": steps}


def changed(spec: Spec, do: str, **arguments: object) -> Spec:
    """The pipeline with arguments of the step `do` set; an argument that is None is taken out."""
    return with_steps(spec, [_set(step, arguments) if step["do"] == do else step for step in spec["steps"]])


def _set(step: Step, arguments: Mapping[str, object]) -> Step:
    return {name: value for name, value in {**step, **arguments}.items() if value is not None}


def moved(spec: Spec, do: str, *, ahead_of: str = "", after: str = "") -> Spec:
    """The pipeline with the step `do` put right before, or right after, another one."""
    step = find(spec, do)
    if step is None:
        return spec
    rest = [one for one in spec["steps"] if one is not step]
    at = next(at for at, one in enumerate(rest) if one["do"] == (ahead_of or after))
    return with_steps(spec, [*rest[: at + bool(after)], step, *rest[at + bool(after) :]])


def without(spec: Spec, do: str) -> Spec:
    """The pipeline without the steps that do `do`."""
    return with_steps(spec, [step for step in spec["steps"] if step["do"] != do])
