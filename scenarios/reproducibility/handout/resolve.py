"""Finds the company's own packages: in vendor/, the newest version that requirements.txt allows."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

LINE = re.compile(r"^(?P<name>[a-z]+)(?P<sign>==|>=)(?P<version>[0-9.]+)$", re.MULTILINE)


def vendored(name: str) -> ModuleType:
    """A vendored package, loaded."""
    wanted = {line["name"]: line for line in LINE.finditer(Path("requirements.txt").read_text(encoding="utf-8"))}
    folders = [folder for folder in Path("vendor").iterdir() if folder.name.startswith(f"{name}-")]
    allowed = sorted((number(folder.name), folder) for folder in folders if fits(wanted[name], number(folder.name)))
    version, folder = allowed[-1]
    print(f"resolve: {name}=={'.'.join(map(str, version))}")
    specification = importlib.util.spec_from_file_location(name, folder / f"{name}.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def number(text: str) -> tuple[int, ...]:
    """The version at a name's end."""
    return tuple(int(part) for part in text.rpartition("-")[2].split("."))


def fits(line: re.Match[str], version: tuple[int, ...]) -> bool:
    """Whether a line of requirements.txt allows a version."""
    wanted = number(line["version"])
    return version == wanted if line["sign"] == "==" else version >= wanted
