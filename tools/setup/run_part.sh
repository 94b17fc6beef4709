#!/usr/bin/env bash
# usage: run_part.sh FUNCTION [ARGUMENT...]     one function of the set-up parts, in a shell of its own, where any error ends it
set -euo pipefail
ROOT=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
source "$ROOT/tools/dev/dev_shell.sh"
for part in packages private_apt pgsql servers npm onnxruntime build_data; do
  source "$ROOT/tools/setup/setup_$part.sh"
done
"$@"
