// What a case found: tables for people, goals that are met or missed, and every measurement for later.
import type { Rounds } from './rounds.ts';

export type Cell = string | number;

export interface Table {
  title: string;
  columns: string[];
  rows: Cell[][];
}

export interface Goal {
  goal: string;
  value: number;
  limit: number;
  met: boolean;
}

export interface Report {
  tables: Table[];
  goals: Goal[];
  notes?: string[]; // what the numbers do not show
  measurements?: Record<string, unknown>;
}

export const atLeast = (goal: string, value: number, limit: number): Goal => ({ goal, value, limit, met: value >= limit });
export const atMost = (goal: string, value: number, limit: number): Goal => ({ goal, value, limit, met: value <= limit });

export const measurementsOf = (rounds: Rounds) => Object.fromEntries(rounds.measured);

// Three digits that count, and no more than those.
export function digits(value: number): string {
  if (Number.isNaN(value)) return '-';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  return value.toPrecision(3);
}

// Sides by throughput, latency and cost, each beside the base of the same run.
export function comparison(title: string, rounds: Rounds, sides: string[], base: string, connections: number[]): Table {
  const columns = ['connections', '', 'requests/s', 'p50 us', 'p99 us', 'CPU us', `requests/s to ${base}`, 'p99', 'CPU'];
  const rows = connections.flatMap((count) =>
    sides.map((side) => {
      const median = (key: 'requestsPerSecond' | 'p50' | 'p99' | 'cpu') => Math.round(rounds.median(side, count, key) * 10) / 10;
      const ratio = (key: 'requestsPerSecond' | 'p99' | 'cpu') => `${rounds.ratio(side, base, count, key).toFixed(2)}x`.replace('NaNx', '-');
      return [
        count, side, Math.round(median('requestsPerSecond')), median('p50'), median('p99'), median('cpu'),
        ratio('requestsPerSecond'), ratio('p99'), ratio('cpu'),
      ];
    }),
  );
  return { title, columns, rows };
}
