"""What a person may ask of the monitor on their own tables."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """What may be asked for; every default is neutral.

    `weights` maps columns to the share of the model's use; None: unknown, and then every column counts alike and no
    break of a single one calls a person. `threshold` is the score from which a row is acted on; None: as many
    reference rows lie above it as have the outcome. `tolerance` is the harm that is worth no call, as a share of the
    reference's outcomes.
    """

    one_false_page_in_months: float = 60.0
    weights: Mapping[str, float] | None = None
    threshold: float | None = None
    tolerance: float = 0.05
