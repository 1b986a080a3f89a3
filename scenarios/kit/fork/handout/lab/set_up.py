"""Build .venv from requirements.lock, every package checked against its hash.

    python3 lab/set_up.py

Needs Python 3.11, 3.12 or 3.13 and, this once, a package index. Where git is there, the files as handed out become the
first commit, so that `git diff` shows your own work.
"""

import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent
FITTING = ((3, 11), (3, 14))


def main() -> None:
    """Build, install, put the lab's part on the path, commit."""
    if not FITTING[0] <= sys.version_info[:2] < FITTING[1]:
        fits = next((found for minor in (13, 12, 11) if (found := shutil.which(f"python3.{minor}"))), None)
        if fits is None:
            sys.exit(f"set-up: this is Python {sys.version.split()[0]}; 3.11, 3.12 or 3.13 is needed.")
        sys.exit(subprocess.run([fits, __file__], check=False).returncode)
    begun = time.monotonic()
    home = FOLDER / ".venv"
    print(f"set-up: building .venv with Python {sys.version.split()[0]}; this takes a minute or two", flush=True)
    venv.create(home, clear=True, with_pip=True)
    python = next(path for path in (home / "bin" / "python", home / "Scripts" / "python.exe") if path.exists())
    install = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-compile",
        "--require-hashes",
        "-r",
    ]
    done = subprocess.run([str(python), *install, str(FOLDER / "requirements.lock")], check=False)
    if done.returncode:
        sys.exit("set-up: the packages of requirements.lock could not be installed; the lines above say why.")
    where = [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = Path(subprocess.run(where, check=True, capture_output=True, text=True).stdout.strip())
    (packages / "lab.pth").write_text(f"{FOLDER / 'lab'}\n", encoding="utf-8")
    first_commit()
    (home / ".ready").touch()
    print(f"set-up: done in {time.monotonic() - begun:.0f} s")


def first_commit() -> None:
    """Make the folder a repository with one commit, unless it is one already or git is not there."""
    git = shutil.which("git")
    if git is None or (FOLDER / ".git").exists():
        return
    who = ["-c", "user.name=As handed out", "-c", "user.email=nobody@example.invalid", "-c", "commit.gpgsign=false"]
    for words in (["init", "-q"], ["add", "-A"], [*who, "commit", "-q", "-m", "As handed out"]):
        if subprocess.run([git, *words], cwd=FOLDER, check=False, capture_output=True).returncode:
            print("set-up: no first commit could be made; nothing depends on it", file=sys.stderr)
            return


if __name__ == "__main__":
    main()
