// The plots of docs/performance.md, from the results that are kept.
import { mkdirSync } from 'node:fs';

import { bars } from './plots/bars.ts';
import { lines, type Line } from './plots/lines.ts';
import { at, table, tables } from './plots/results.ts';
import type { Table } from './runner/report.ts';

// The column that tells the CPU time, of the rows with so many connections.
function cpu({ columns, rows }: Table, connections: number): [string, number][] {
  const column = columns.indexOf('CPU us');
  return rows.filter((row) => row[0] === connections && typeof row[column] === 'number').map((row) => [String(row[1]), Number(row[column])]);
}

// A column over the count in the first one, where that has a place on a logarithmic axis.
function line({ columns, rows }: Table, name: string, unit: string, title: string): Line {
  const column = columns.indexOf(name);
  const points = rows.map((row): [number, number] => [Number(row[0]), Number(row[column])]);
  return { title, unit, steep: columns[0] === 'KiB of an answer', points: points.filter(([count]) => count > 0) };
}

mkdirSync(at('../docs/performance'), { recursive: true });
bars('call', 'CPU time of a call, 32 connections, one thread', cpu(table('calls', 'call', 0), 32));
bars('eras', 'CPU time of a call by endpoint, client and vendor', cpu(table('growth', 'eras', 0), 32));
bars('answers', 'CPU time of a call by the size of its answer', [0, 1, 2].flatMap((index) => {
  const { title } = table('calls', 'answers', index);
  return cpu(table('calls', 'answers', index), 32).map(([name, value]): [string, number] => [`${name}, ${title}`, value]);
}));

const grown = tables('growth', 'growth');
const several = grown.filter(({ rows }) => rows.length > 2);
lines('growth', [
  ...several.map((one) => line(one, 'CPU us', 'CPU us of a call', `by ${one.columns[0]}`)),
  ...grown.filter(({ columns }) => columns.includes('peak growth MiB')).map((one) => line(one, 'peak growth MiB', 'MiB at the peak', 'memory growth by KiB of an answer')),
]);
