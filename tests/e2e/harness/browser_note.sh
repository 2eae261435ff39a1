#!/bin/sh
# What $BROWSER points at when the test itself drives a real browser: notes the address for it.
printf '%s\n' "$1" >>"$E2E_BROWSER_NOTE"
