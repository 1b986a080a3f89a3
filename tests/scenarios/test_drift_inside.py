"""What runs inside the sandbox for a monitor: its answer is read, or named for what it is."""

from types import ModuleType, SimpleNamespace

import pandas as pd
import pytest

from scenarios.drift.exam import inside


def told(answer: object) -> dict[str, object]:
    """What one month comes to where `decide` gives this answer."""
    module = ModuleType("monitor")
    vars(module)["decide"] = lambda _month, _reference, _history: answer
    state = SimpleNamespace(reference=None, history=[])
    view = pd.DataFrame({"customer_id": [1, 2], "visits": [3.0, 4.0], "score": [0.1, 0.2]})
    return inside.call(module, state, {"done": "keep", "name": "2025-01"}, {"view": view})


@pytest.mark.parametrize("answer", [(["late"], "keep"), [["late"], "keep"], {"alerts": ("late",), "action": "keep"}])
def test_a_pair_and_a_mapping_are_read_alike(answer: object) -> None:
    assert told(answer) == {"alerts": ["late"], "action": "keep"}


@pytest.mark.parametrize(
    ("answer", "kind"),
    [(None, "NoneType"), (0.5, "float"), ("keep", "str"), ((["late"], "keep", 1), "tuple"), ({"alerts": []}, "dict")],
)
def test_anything_else_is_named_with_what_is_allowed(answer: object, kind: str) -> None:
    with pytest.raises(TypeError, match=rf"must return \(alerts, action\); it returned {kind}"):
        told(answer)
