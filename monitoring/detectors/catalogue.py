"""The detectors that are asked each month beside the seven layers. Yours: one file in this folder, and a name here."""

from typing import Final

from monitoring.detectors.detector import Detector

DETECTORS: Final[tuple[Detector, ...]] = ()
"""In the order in which they are asked. The lesson of the drift scenario writes one, step by step."""
