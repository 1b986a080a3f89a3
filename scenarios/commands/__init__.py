"""Groups of sub-commands of `lab`; `scenarios.cli` puts them together."""
