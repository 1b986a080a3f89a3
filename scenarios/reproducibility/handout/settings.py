"""The settings of a run: params.yaml, and what `--set name=value` puts in its place."""

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml


def read_settings(arguments: Sequence[str]) -> dict[str, Any]:
    """The settings of this run; they are logged to out/params.json."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    given = parser.parse_args(arguments)
    settings = yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))
    for pair in given.set:
        name, _, value = pair.partition("=")
        settings[name] = yaml.safe_load(value)
    log_params(settings)
    return settings


def log_params(settings: Mapping[str, Any]) -> None:
    """Keep the settings with the run."""
    Path("out").mkdir(exist_ok=True)
    plain = {name: str(value) for name, value in settings.items()}
    Path("out/params.json").write_text(json.dumps(plain, indent=1, sort_keys=True) + "\n", encoding="utf-8")
