"""How patient the alerts are, layer by layer."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from monitoring.vocabulary import Layer

MODEL_VIEW = "model_view"
"""The name of the table the model reads, as against the raw tables it is made from."""

_CONFIRM: Mapping[Layer, int] = {Layer.INPUT: 2}
_CLEAR: Mapping[Layer, int] = {Layer.RUN: 1, Layer.GATE: 1}


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertSettings:
    """How many months in a row a signal must alarm before its alert fires, and be quiet before it is resolved.

    Layers not named take 1 month to fire and 2 to be resolved. Realised performance needs no more patience:
    its CUSUM has already waited. `view` names the model's own table, whose breaks belong to the incident of
    the raw table that broke in the same month.
    """

    confirm_months: Mapping[Layer, int] = field(default_factory=lambda: _CONFIRM)
    clear_months: Mapping[Layer, int] = field(default_factory=lambda: _CLEAR)
    view: str = MODEL_VIEW

    def confirm(self, layer: Layer) -> int:
        """Return the months of alarm after which an alert fires."""
        return self.confirm_months.get(layer, 1)

    def clear(self, layer: Layer) -> int:
        """Return the months of quiet after which an alert is resolved."""
        return self.clear_months.get(layer, 2)
