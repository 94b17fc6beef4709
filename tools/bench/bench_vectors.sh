#!/usr/bin/env bash
# usage: bench_vectors.sh [assets]
# Smart search in a library of 200,000 pictures by owner: how many of the 100 nearest the index finds (0.98 are wanted), and
# its time against comparing everything. Filling the library and building the index take some minutes. Vectors are made up:
# pictures around 1,500 kinds; there is no library to take them from.
set -euo pipefail
case "${1:-}" in -h | --help) sed -n '2,5s/^# //p' "$0" && exit 0 ;; esac
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."
exec tools/check/with_postgres.sh --migrated bash -c 'exec build/release/tools/bench/vector_bench "$DB_URL" "$@"' vector_bench "$@"
