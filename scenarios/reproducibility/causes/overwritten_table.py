"""A table that a nightly job writes anew: the rows the run read are gone, or lie in a backup."""

from typing import Final

from scenarios.reproducibility.causes.cause import Cause, Family, Level, Values, as_it_is
from scenarios.reproducibility.evidence import Evidence, md5
from scenarios.reproducibility.files import Files

CODE: Final = "overwritten-in-place"
TABLE: Final = "customers.csv"
PATH: Final = f"data/{TABLE}"


def _read(seen: Evidence) -> Values | None:
    if seen.locked.get(PATH) == md5(seen.data[TABLE]):
        return None
    kept = [name for name, content in sorted(seen.data.items()) if md5(content) == seen.locked.get(PATH)]
    return {"restored": seen.data[kept[0]].decode("utf-8") if kept else ""}


def _cure(files: Files, values: Values) -> dict[str, bytes]:
    return {**files, PATH: values["restored"].encode("utf-8")} if values["restored"] else dict(files)


CAUSE: Final = Cause(
    code=CODE,
    family=Family.DATA,
    hides=Level.QUIET,
    title="A table overwritten in place",
    says="The customers' table is written anew every night; the rows of the recorded run are no longer there.",
    remedy="Keep what a run reads under its hash; bring the old rows back from a backup, or say that they are gone.",
    where=(PATH, "prepare.py"),
    then=as_it_is,
    now=as_it_is,
    read=_read,
    cure=_cure,
)
