"""Print the names of the project's direct dependencies, one a line, without their bounds."""

import re
import sys
import tomllib
from pathlib import Path

_NAME = re.compile(r"[A-Za-z0-9._-]+")


def names(project: Path) -> list[str]:
    """Names from [project.dependencies] and every dependency group of a pyproject.toml, sorted."""
    content = tomllib.loads(project.read_text(encoding="utf-8"))
    groups = content.get("dependency-groups", {}).values()
    wanted = [*content["project"]["dependencies"], *(entry for group in groups for entry in group)]
    return sorted({found[0] for entry in wanted if (found := _NAME.match(entry))})


if __name__ == "__main__":
    sys.stdout.write("\n".join(names(Path("pyproject.toml"))) + "\n")
