#!/bin/sh
# Build .venv from requirements.lock, every package checked against its hash, then put this checkout on its path.
# Usage: sh tools/setup.sh [python]      Needs only a Python in range; no activation, no other tool.
set -eu

stop() {
    echo "set-up: $1" >&2
    exit 1
}

fits() {
    [ "$("$1" -c 'import sys; print((3, 11) <= sys.version_info < (3, 14))' 2>/dev/null)" = True ]
}

first_fitting() {
    for candidate in "$@"; do
        if fits "$candidate"; then
            echo "$candidate"
            return
        fi
    done
}

version_of() {
    found=$("$1" -c 'import platform; print(platform.python_version())' 2>/dev/null) || true
    echo "${found:-no Python}"
}

cd "$(dirname "$0")/.."
[ -w . ] || stop "this checkout is read-only ($(pwd)); copy or clone it to a disk you can write to."

asked=${1:-}
if [ -n "$asked" ]; then
    fits "$asked" || stop "PYTHON=$asked is $(version_of "$asked"); the lab needs 3.11, 3.12 or 3.13."
    python=$asked
else
    python=$(first_fitting python3 python3.13 python3.12 python3.11)
    [ -n "$python" ] || stop "python3 is $(version_of python3); the lab needs 3.11, 3.12 or 3.13 (make setup PYTHON=/path/to/python3.12)."
fi

here=$(pwd -P)
rm -f .venv/.ready
venv=.venv/bin/python
# Programs in .venv/bin name their interpreter by its full path, so a moved environment is built anew.
if grep -qsF "$here/.venv" .venv/bin/activate && fits "$venv" && { [ -z "$asked" ] || [ "$(version_of "$venv")" = "$(version_of "$asked")" ]; }; then
    echo "set-up: bringing .venv (Python $(version_of "$venv")) up to date with requirements.lock"
else
    echo "set-up: building .venv with Python $(version_of "$python"); the first time takes a minute or two"
    rm -rf .venv
    "$python" -m venv .venv || stop "'$python -m venv .venv' failed (on Debian and Ubuntu: apt install python3-venv)."
fi

# uv comes from the lock as well, so its own download is checked like the rest.
wanted=$(sed -n 's/^uv==\([^ ]*\).*/\1/p' requirements.lock)
installed=$("$venv" -m uv --version 2>/dev/null | cut -d ' ' -f 2 || true)
if [ "$installed" != "$wanted" ]; then
    sed -n '/^uv==/,/[^\\]$/p' requirements.lock > .venv/uv.lock
    "$venv" -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r .venv/uv.lock ||
        echo "set-up: no uv for this machine; going on with pip, which is slower" >&2
fi

# The lock is whole, so pip need not look for what packages ask for: their "pandas[parquet]" would be refused as unpinned.
export UV_PYTHON_DOWNLOADS=never
"$venv" -m uv pip sync --quiet --require-hashes --compile-bytecode --python "$venv" requirements.lock || {
    echo "set-up: uv could not install the lock (see above); going on with pip, which takes some minutes" >&2
    "$venv" -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
} || stop "the packages in requirements.lock could not be installed; the lines above say why."
"$venv" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index --editable . ||
    stop "this checkout could not be put on the path of .venv."

# Prefect and MLflow take 3 to 6 s to lay out a new database; done once here and copied later (pipelines/laid_out.py).
rm -rf .venv/share/prefect .venv/share/mlflow
mkdir -p .venv/share/mlflow
PREFECT_HOME="$here/.venv/share/prefect" DO_NOT_TRACK=1 PREFECT_SERVER_ANALYTICS_ENABLED=false \
    "$venv" -m prefect server database upgrade --yes > .venv/prefect.log 2>&1 ||
    echo "set-up: Prefect's database could not be prepared (see .venv/prefect.log); the first run will be slower" >&2
MLFLOW_DISABLE_TELEMETRY=true "$venv" -m mlflow db upgrade "sqlite:///$here/.venv/share/mlflow/mlflow.db" > .venv/mlflow.log 2>&1 ||
    { rm -f .venv/share/mlflow/mlflow.db
      echo "set-up: MLflow's database could not be prepared (see .venv/mlflow.log); the first run will be slower" >&2; }

echo "$here" > .venv/.ready
echo "set-up: done"
