import pytest
from typer.testing import CliRunner

from pipelines.leaks.catalogue import LEAKS
from pipelines.world.faults.catalogue import FAULTS
from pipelines.world.levers.catalogue import LEVERS
from scenarios.cli import app


@pytest.mark.parametrize(("command", "names"), [("levers", LEVERS), ("faults", FAULTS), ("leaks", LEAKS)])
def test_every_lever_fault_and_leak_is_listed_by_its_whole_name(command: str, names: tuple[object, ...]) -> None:
    shown = CliRunner().invoke(app, [command], env={"COLUMNS": "100"})

    assert shown.exit_code == 0
    assert all(one.name in shown.output for one in names)


def test_the_realism_table_is_inside_for_the_projects_own_company() -> None:
    shown = CliRunner().invoke(app, ["realism"], env={"COLUMNS": "160"})

    assert shown.exit_code == 0, shown.output
    assert "monthly churn" in shown.output
    assert "NO" not in shown.output
