"""How patient the alerts are, layer by layer."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from monitoring.vocabulary import Layer

MODEL_VIEW = "model_view"
"""The name of the table the model reads, as against the raw tables it is made from."""

_CONFIRM: Mapping[Layer, int] = {Layer.INPUT: 2}
_CLEAR: Mapping[Layer, int] = {Layer.RUN: 1, Layer.GATE: 1}
_BAND: Mapping[Layer, float] = {Layer.RUN: 0.0, Layer.GATE: 0.0}


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertSettings:
    """When alerts fire, when they are over, and what belongs together.

    `confirm_months` and `clear_months`: months in a row that a signal must alarm before its alert fires, and be
    quiet before it is resolved (1 and 2 where a layer is not named). Realised performance needs no more patience:
    its CUSUM has already waited. `clear_band`: share of the way back from the limit to the usual value that a
    figure must go before it counts as quiet (0.2 where not named; broken data are repaired or not, so 0 there).
    `cooldown_months`: months after a deploy in which what labels and scores say of the new model waits; data
    breaks never wait. Two is how long labels take: before that they judge it on months it did not score.
    `reopen_months`: what alarms again so soon after it was resolved is the same incident.
    `strong_input`: distance (0 to 1) from which a moved input is worth a look by itself; None for never, which
    is right wherever scores or labels can say whether it matters. `view` names the model's own table, whose
    breaks belong to the incident of the raw table that broke in the same month.
    """

    confirm_months: Mapping[Layer, int] = field(default_factory=lambda: _CONFIRM)
    clear_months: Mapping[Layer, int] = field(default_factory=lambda: _CLEAR)
    clear_band: Mapping[Layer, float] = field(default_factory=lambda: _BAND)
    cooldown_months: int = 2
    reopen_months: int = 2
    strong_input: float | None = None
    view: str = MODEL_VIEW

    def confirm(self, layer: Layer) -> int:
        """Return the months of alarm after which an alert fires."""
        return self.confirm_months.get(layer, 1)

    def clear(self, layer: Layer) -> int:
        """Return the months of quiet after which an alert is resolved."""
        return self.clear_months.get(layer, 2)

    def band(self, layer: Layer) -> float:
        """Return the share of the way back that must be made before a figure counts as quiet."""
        return self.clear_band.get(layer, 0.2)
