#!/bin/sh
# Try the newest release of every direct dependency, bounds and lock ignored, in an environment thrown away afterwards.
# Prints which packages moved away from the lock and what broke; exits 1 when something did.
set -eu
cd "$(dirname "$0")/.."

room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
python=$room/venv/bin/python

.venv/bin/python tools/direct_dependencies.py > "$room/direct.txt"
.venv/bin/uv venv --quiet --python .venv/bin/python "$room/venv"
.venv/bin/uv pip install --quiet --python "$python" --requirement "$room/direct.txt"
.venv/bin/uv pip install --quiet --python "$python" --no-deps --no-build-isolation --editable .

broken=0
PATH=$room/venv/bin:$PATH "$python" -m pytest -n auto -p no:cacheprovider -W default > "$room/tests.txt" 2>&1 || broken=1

echo "canary: packages newer than the lock"
.venv/bin/uv pip freeze --quiet --python "$python" --exclude-editable > "$room/newest.txt"
.venv/bin/uv pip freeze --quiet --python .venv/bin/python --exclude-editable | grep -v '^pip==' > "$room/locked.txt"
diff "$room/locked.txt" "$room/newest.txt" | sed -n 's/^[<>]/  &/p' || true
echo "canary: what broke"
grep -E '^(FAILED|ERROR|E  .*(Error|does not work))|^=.*(passed|failed|error)' "$room/tests.txt" | sort -u || true
exit "$broken"
