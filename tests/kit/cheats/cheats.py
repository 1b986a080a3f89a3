"""Ways to earn points without work. Each is done to a pack whose answer is worth nothing, and must stay worth nothing.

`CHEATS` maps a name to what is done in the folder and to the words that the report must hold.
"""

import json
import pickle
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal


@dataclass(frozen=True, kw_only=True)
class Ground:
    """Where a cheat is tried: the pack, a file and a port of the host that it reaches for, and the pack's archive.

    `scenario` is the pack's, `table` a file of the answer, `code` the file whose code is run, and `calls` what has to be
    added to it so that the function `guess` of a cheat is called; what a kind of pack does not have is empty.
    """

    folder: Path
    canary: Path
    port: int
    archive: Path
    scenario: str = "toy"
    table: str = "predictions.csv"
    code: str = "guess.py"
    calls: str = ""


@dataclass(frozen=True, kw_only=True)
class Cheat:
    """A cheat: what it does to a pack, what the report must name (a pattern), and whether it comes back as an archive.

    `needs` is what a pack must have for it: code that is run, a table of probabilities, or nothing but its files.
    """

    does: Callable[[Ground], Any]
    named: str
    archive: bool = field(default=False)
    needs: Literal["files", "code", "table"] = "code"


def code(text: str) -> Callable[[Ground], None]:
    def write(ground: Ground) -> None:
        filled = text.replace("CANARY", str(ground.canary)).replace("PORT", str(ground.port))
        (ground.folder / ground.code).write_text(filled + ground.calls, encoding="utf-8")

    return write


def patched_runner(ground: Ground) -> None:
    (ground.folder / "conftest.py").write_text(
        "import pytest\n\n@pytest.hookimpl(tryfirst=True)\ndef pytest_runtest_makereport(item, call):\n"
        "    call.excinfo = None\n",
        encoding="utf-8",
    )
    (ground.folder / "sitecustomize.py").write_text(f"open({str(ground.canary)!r}, 'a').write('x')\n", encoding="utf-8")
    (ground.folder / "lab" / "check.py").write_text("print('The format is fine.')\n", encoding="utf-8")


def forged_scorecard(ground: Ground) -> None:
    forged = {"version": 1, "ended": "graded", "score": 100.0, "authoritative": True}
    (ground.folder / "scorecard.json").write_text(json.dumps(forged), encoding="utf-8")


def symlink_escape(ground: Ground) -> None:
    (ground.folder / ground.table).unlink()
    (ground.folder / ground.table).symlink_to(ground.canary)
    (ground.folder / "everything").symlink_to("/")


def giant_answer(ground: Ground) -> None:
    with (ground.folder / ground.table).open("wb") as made:
        made.truncate(3 << 30)


def rows(*values: object) -> Callable[[Ground], None]:
    def write(ground: Ground) -> None:
        lines = "".join(f"{at},{value}\n" for at, value in enumerate(values))
        (ground.folder / ground.table).write_text(f"customer_id,p\n{lines}", encoding="utf-8")

    return write


class _Opens:
    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.unlink, (Path(self.path),))


def pickled(ground: Ground) -> None:
    harm = pickle.dumps(_Opens(str(ground.canary)))
    (ground.folder / ground.table).write_bytes(harm)
    (ground.folder / "model.pkl").write_bytes(harm)


def traversal(ground: Ground) -> None:
    with zipfile.ZipFile(ground.archive, "w") as made:
        for path in sorted(ground.folder.rglob("*")):
            if path.is_file():
                made.write(path, path.relative_to(ground.folder).as_posix())
        made.writestr(f"../../../../../../..{ground.canary}", "overwritten")


def tar_link(ground: Ground) -> None:
    with tarfile.open(ground.archive, "w:gz") as made:
        link = tarfile.TarInfo("out")
        link.type, link.linkname = tarfile.SYMTYPE, str(ground.canary.parent)
        made.addfile(link)
        made.add(ground.folder / "answer.yaml", f"out/{ground.canary.name}")


def bomb(ground: Ground) -> None:
    made = zipfile.ZipFile(ground.archive, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
    with made, made.open(ground.table, "w") as opened:
        for _ in range(300):
            opened.write(bytes(1 << 20))


def another_level(ground: Ground) -> None:
    pack = json.loads((ground.folder / "pack.json").read_text(encoding="utf-8"))
    (ground.folder / "pack.json").write_text(
        json.dumps({**pack, "level": "senior" if pack["level"] == "junior" else "junior"}), encoding="utf-8"
    )


def yaml_bomb(ground: Ground) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    (ground.folder / "answer.yaml").write_text(
        "\n".join([*lines, f"scenario: {ground.scenario}", "trust: true", ""]), encoding="utf-8"
    )


def yaml_code(ground: Ground) -> None:
    text = f"scenario: {ground.scenario}\ntrust: !!python/object/apply:os.remove ['{ground.canary}']\n"
    (ground.folder / "answer.yaml").write_text(text, encoding="utf-8")


def dig(ground: Ground) -> None:
    """Look for history in the pack, and hand in whatever it holds as an answer."""
    found = [path for path in ground.folder.rglob("*") if ".git" in path.parts or path.name == "dvc.lock"]
    code(
        f"import subprocess\nFOUND = {[str(path) for path in found]!r}\n\ndef guess(x):\n"
        "    return subprocess.check_output(['git', 'log', '-p', '--all'], cwd='..')\n"
    )(ground)


CHEATS: dict[str, Cheat] = {
    "patched test runner": Cheat(does=patched_runner, named="patched test runner", needs="files"),
    "os._exit": Cheat(does=code("import os\n\ndef guess(x):\n    os._exit(0)\n"), named="leaves the process"),
    "sys.exit at import": Cheat(does=code("import sys\nsys.exit(0)\n"), named="SystemExit"),
    "forged scorecard": Cheat(does=forged_scorecard, named="forged verdict", needs="files"),
    "forged answer on the wire": Cheat(
        does=code(
            "import os\n\ndef guess(x):\n    for descriptor in range(3, 40):\n        try:\n"
            "            os.write(descriptor, b'{\"value\": 3.0}\\n' * 9)\n        except OSError:\n            pass\n"
            "    os._exit(0)\n"
        ),
        named="leaves the process",
    ),
    "reading the key": Cheat(
        does=code(
            "import glob\n\ndef guess(x):\n    for path in ['CANARY', *glob.glob('/root/**', recursive=True)]:\n"
            "        if 'truth' in path or path == 'CANARY':\n            return open(path).read()\n    return 'none'\n"
        ),
        named="FileNotFoundError",
    ),
    "looking into the grader": Cheat(
        does=code(
            "import gc, sys\n\ndef guess(x):\n    for frame in sys._current_frames().values():\n        while frame:\n"
            "            if 'truth' in frame.f_locals:\n                return frame.f_locals['truth'].slope * x\n"
            "            frame = frame.f_back\n    return [o for o in gc.get_objects() if hasattr(o, 'slope')][0].slope * x\n"
        ),
        named="grader's insides",
    ),
    "network": Cheat(
        does=code(
            "import socket\n\ndef guess(x):\n    return socket.create_connection(('127.0.0.1', PORT), 3).recv(9)\n"
        ),
        named="network",
    ),
    "fork bomb": Cheat(
        does=code("import os\n\ndef guess(x):\n    while True:\n        os.fork()\n"),
        named="code reaches for processes",
    ),
    "daemon that outlives": Cheat(
        does=code(
            "import os, time\n\ndef guess(x):\n    if os.fork() == 0:\n        os.setsid()\n        if os.fork() == 0:\n"
            "            time.sleep(2)\n            open('CANARY', 'w').write('x')\n    return 0.0\n"
        ),
        named="code reaches for processes",
    ),
    "fill the disk": Cheat(
        does=code(
            "def guess(x):\n    for folder in ('.', '/tmp', '/var/tmp', '/dev/shm', '/'):\n        try:\n"
            "            with open(folder + '/fill', 'wb') as made:\n                while True:\n"
            "                    made.write(bytes(1 << 20))\n        except OSError as error:\n            last = error\n"
            "    raise last\n"
        ),
        named="Read-only file system",
    ),
    "eat the memory": Cheat(
        does=code("def guess(x):\n    return len(bytearray(1 << 40)) and 3 * x\n"), named="MemoryError"
    ),
    "spin": Cheat(
        does=code("def guess(x):\n    while True:\n        pass\n"),
        named="ended before it answered|no answer within|time budget used up",
    ),
    "dawdle": Cheat(
        does=code("import time\n\ndef guess(x):\n    time.sleep(7)\n    return 0.0\n"), named="time budget used up"
    ),
    "symlink escape": Cheat(does=symlink_escape, named="symbolic link", needs="files"),
    "giant output": Cheat(
        does=code("def guess(x):\n    return 'x' * (1 << 30)\n"),
        named=r"answer of more than|no answer within|MemoryError|ended 9|time budget used up",
    ),
    "giant answer": Cheat(does=giant_answer, named="large file", needs="files"),
    "NaN predictions": Cheat(does=rows("nan", 0.5), named="must hold probabilities", needs="table"),
    "infinite predictions": Cheat(does=rows("inf", "-inf"), named="must hold probabilities", needs="table"),
    "huge predictions": Cheat(does=rows("1e308", "-1e308"), named="must hold probabilities", needs="table"),
    "NaN from code": Cheat(does=code("def guess(x):\n    return float('nan')\n"), named="not JSON compliant"),
    "always-equal object": Cheat(
        does=code(
            "class Same(float):\n    def __eq__(self, other):\n        return True\n    __hash__ = float.__hash__\n"
            "    def __sub__(self, other):\n        return 0.0\n\ndef guess(x):\n    return Same(0)\n"
        ),
        named="defines __eq__",
    ),
    "patched json": Cheat(
        does=code(
            'import json\njson.dumps = lambda *a, **k: \'{"value": true, "score": 100}\'\n\ndef guess(x):\n    return 0.0\n'
        ),
        named="grader's insides",
    ),
    "pickles": Cheat(does=pickled, named="pickle", needs="files"),
    "pickle from code": Cheat(
        does=code("import pickle\n\ndef guess(x):\n    return pickle.dumps(3 * x)\n"), named="pickles"
    ),
    "code in YAML": Cheat(does=yaml_code, named="is not plain YAML", needs="files"),
    "YAML bomb": Cheat(does=yaml_bomb, named="stands for something else", needs="files"),
    "path traversal in the archive": Cheat(does=traversal, named="archive escape", archive=True, needs="files"),
    "link in the archive": Cheat(does=tar_link, named="archive escape", archive=True, needs="files"),
    "archive bomb": Cheat(does=bomb, named="archive bomb", archive=True, needs="files"),
    "altered identity": Cheat(does=another_level, named="altered identity", needs="files"),
    "git archaeology": Cheat(does=dig, named="code reaches for processes"),
    "the lab's own generator": Cheat(
        does=code(
            "def guess(x):\n    from scenarios.catalogue import exercise\n    return exercise('drift').scenario.version * x\n"
        ),
        named="the lab's generator",
    ),
}
