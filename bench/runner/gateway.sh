#!/bin/sh
# The gateway as it is measured: on its own cores, its log in a file as a service manager would have it.
set -eu
gateway=$MCPGW_BUILD/src/cli/mcp-gateway
unset MCPGW_BUILD # the gateway refuses variables of this form that it does not know
exec setpriv --pdeathsig TERM taskset -c "$BENCH_CPUS" "$gateway" "$@" 2>>"$BENCH_LOG"
