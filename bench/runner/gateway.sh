#!/bin/sh
# The gateway as it is measured: on its own cores, its log in a file as a service manager would have it.
set -eu
exec setpriv --pdeathsig TERM taskset -c "$BENCH_CPUS" "$BENCH_BUILD/src/cli/mcp-gateway" "$@" 2>>"$BENCH_LOG"
