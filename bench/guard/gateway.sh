#!/bin/sh
# The gateway under callgrind, which counts instructions from when it is told to.
exec setpriv --pdeathsig TERM valgrind --quiet --tool=callgrind --instr-atstart=no --callgrind-out-file="$GUARD_COUNTS" \
  "$BENCH_BUILD/src/cli/mcp-gateway" "$@" 2>>"$BENCH_LOG"
