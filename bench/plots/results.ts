// Tables of the results that are kept, and where files lie.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import type { Table } from '../runner/report.ts';

export const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

export function tables(results: string, name: string): Table[] {
  return JSON.parse(readFileSync(at(`results/${results}.json`), 'utf8')).reports[name].tables;
}

export function table(results: string, name: string, index: number): Table {
  const found = tables(results, name)[index];
  if (!found) throw new Error(`results/${results}.json has no table ${index} of ${name}`);
  return found;
}
