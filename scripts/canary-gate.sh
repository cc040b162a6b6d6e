#!/bin/sh
# The commands from a checkout that is not installed: for the GitHub Action and the pre-commit hook. Installs what they need
# beside itself, once. Node runs the TypeScript as it is from 22.18 on.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
if ! node -e 'const [major, minor] = process.versions.node.split(".").map(Number); process.exit(major > 22 || (major === 22 && minor >= 18) ? 0 : 1)'; then
  echo "error: canary-gate needs Node 22.18 or newer, found $(node --version 2>/dev/null || echo none)" >&2
  exit 3
fi
# A folder that is there whole or not at all: an install that was interrupted starts again.
if [ ! -f "$here/node_modules/.package-lock.json" ]; then
  (cd "$here" && npm ci --silent --omit=dev --ignore-scripts) >&2
fi
exec node --disable-warning=ExperimentalWarning "$here/main.ts" "$@"
