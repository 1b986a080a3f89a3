import pandas as pd

from scenarios.kit.telltale import telltales


def test_public_files_that_tell_nothing_are_quiet() -> None:
    public = {
        "BRIEF.md": "Find what is wrong, if anything.",
        "t.parquet": pd.DataFrame({"net_price": [1.0]}),
        "b": b"\0",
    }

    assert telltales(public) == []


def test_a_word_that_gives_the_case_away_is_found_in_text_column_path_and_bytes() -> None:
    public = {
        "notes.md": "the decoy is plan",
        "t.parquet": pd.DataFrame({"target_copy": [1]}),
        "planted/x.md": "fine",
        "c.bin": b"ground truth",
    }

    assert [one.split("'")[1] for one in telltales(public)] == ["ground truth", "decoy", "planted", "target_copy"]
