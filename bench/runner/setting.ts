// What a case gets: how long and how often to measure, where the programs are, and a scope that ends what it started.
import { join } from 'node:path';

import type { Scope } from '../../tests/e2e/harness/scope.ts';

// The contender has a core of its own; the load and the vendor share the other.
export const contenderCpu = '0';
export const loadCpu = '1';

export interface Setting {
  repeats: number;
  seconds: number; // of one measurement
  scope: Scope;
}

export function built(program: string): string {
  const build = process.env['BENCH_BUILD'];
  if (!build) throw new Error('BENCH_BUILD is not set: start bench/run');
  return join(build, program);
}
