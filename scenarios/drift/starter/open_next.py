"""Open the next month: copy it from months/ to open/ and say what came. Run it once for every month of the year."""

import shutil
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> None:
    """Copy the earliest month that is not open yet."""
    opened = HERE / "open"
    closed = [month for month in sorted((HERE / "months").iterdir()) if not (opened / month.name).exists()]
    if not closed:
        print("The year is over: every month is open.")
        return
    shutil.copytree(closed[0], opened / closed[0].name)
    print(f"{closed[0].name} is open: {', '.join(sorted(path.name for path in closed[0].iterdir()))}")
    print(f"{len(closed) - 1} months are still to come.")


if __name__ == "__main__":
    main()
