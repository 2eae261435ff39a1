// Reports as text.
import { digits, type Cell, type Report, type Table } from './report.ts';

const text = (cell: Cell) => (typeof cell === 'number' ? (Number.isInteger(cell) ? cell.toLocaleString('en-US') : digits(cell)) : cell);

function printTable({ title, columns, rows }: Table): void {
  const lines = [columns, ...rows.map((row) => row.map((cell) => text(cell)))];
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const isNumber = columns.map((_, column) => rows.every((row) => /^[-\d]/.test(text(row[column] ?? ''))));
  console.log(`\n${title}`);
  lines.forEach((line, number) => {
    const cells = line.map((cell, column) => (isNumber[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)));
    console.log(`  ${cells.join('  ').trimEnd()}`);
    if (number === 0) console.log(`  ${widths.map((width) => '-'.repeat(width)).join('  ')}`);
  });
}

export function print(report: Report): void {
  report.tables.forEach(printTable);
  if (report.goals.length > 0) console.log('');
  for (const { goal, value, limit, met } of report.goals) {
    console.log(`  ${met ? 'met   ' : 'MISSED'}  ${goal}: ${digits(value)} (goal: ${digits(limit)})`);
  }
  for (const note of report.notes ?? []) console.log(`  note: ${note}`);
}
