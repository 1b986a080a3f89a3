"""Where everything lies below the project's root. Truth never lies beside public files."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Layout:
    """The project's folders and files below `root`; servers and run records below `home`, as a rule the same folder."""

    root: Path
    home: Path

    @property
    def parameters(self) -> Path:
        """The one file of tunable numbers."""
        return self.root / "params.yaml"

    def tables(self, world: str = "world") -> Path:
        """Recorded tables of a world, hive-partitioned: ``<table>/month=<label>/part-00000.parquet``."""
        return self.root / "data" / world

    def truth(self, world: str = "world") -> Path:
        """Sealed truth of a world."""
        return self.root / "data" / "truth" / world

    @property
    def reference(self) -> Path:
        """Features, scores and labels of the history months: what monitoring compares with."""
        return self.root / "data" / "reference"

    @property
    def champion(self) -> Path:
        """The deployed model's folder."""
        return self.root / "models" / "champion"

    def report(self, name: str) -> Path:
        """Reports of a stage or scenario."""
        return self.root / "reports" / name

    def lineage(self, stage: str) -> Path:
        """What a stage's outputs came from. It names runs, so it differs each time and is no DVC output."""
        return self.root / "lineage" / f"{stage}.json"

    @property
    def prefect(self) -> Path:
        """The local Prefect server's home."""
        return self.home / ".prefect"
