#!/usr/bin/env bash
# usage: runtime_packages.sh PROGRAM...
# Prints the Debian packages that hold the shared libraries of these programs, and those of the group [run] in
# apt-packages.txt. For container images: what must be installed beside the programs.
set -euo pipefail
ROOT=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)

owner_of() {
  # Debian's database knows a library by /lib or by /usr/lib.
  dpkg -S "$1" 2>/dev/null || dpkg -S "/usr${1#/usr}" 2>/dev/null || dpkg -S "${1#/usr}" 2>/dev/null || true
}

{
  ldd "$@" | awk '$2 == "=>" && $3 ~ /^\// {print $3}' | sort -u | while read -r library; do
    owner_of "$library" | sed 's/:.*//' | head -n 1
  done
  awk '/^\[/ {on = $0 == "[run]"; next} on && NF && !/^#/' "$ROOT/tools/setup/apt-packages.txt"
} | sort -u
