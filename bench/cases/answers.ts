// Answers as event streams, and large ones: they are passed on while they come, so memory must not grow with them.
import { calls, isCalled } from '../runner/calls.ts';
import { contenderNamed } from '../runner/found.ts';
import { peakGrowth } from '../runner/peak.ts';
import { startStub } from '../runner/pinned.ts';
import { atLeast, atMost, comparison, measurementsOf, type Goal, type Report, type Table } from '../runner/report.ts';
import { Rounds, type Side } from '../runner/rounds.ts';
import type { Setting } from '../runner/setting.ts';

export const about = 'answers as event streams beside JSON, answers of 64 KiB and 1 MiB beside nginx';

const connections = 32;
const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;
const allowedGrowth = 8 * mebibyte; // of 32 MiB that are under way when all is kept

export async function run(setting: Setting): Promise<Report> {
  const tables: Table[] = [];
  const goals: Goal[] = [];
  const measurements: Record<string, unknown> = {};
  for (const { title, bytes } of sizes) {
    const sides = await startSides(setting, bytes);
    const targets = sides.map(({ target }) => target);
    const { done: rounds, growth } = await peakGrowth(targets, () => Rounds.run(setting, sides, [connections]));

    measurements[title] = { rounds: measurementsOf(rounds), growth };
    tables.push(withBytes(comparison(title, rounds, sides.map((side) => side.name), 'nginx json', [connections]), rounds, sides, growth));
    if (bytes === kibibyte) {
      goals.push(atLeast('event streams to JSON, answers/s', rounds.ratio('gateway sse', 'gateway json', connections, 'requestsPerSecond'), 0.9));
    } else {
      goals.push(atLeast(`${title}: bytes/s to nginx`, rounds.ratio('gateway json', 'nginx json', connections, 'bytesPerSecond'), 0.9));
    }
    if (bytes === mebibyte) {
      const grown = growth[sides.findIndex((side) => side.name === 'gateway json')] ?? NaN;
      goals.push(atMost(`${title}: MiB that the gateway's memory grew at its peak`, grown / mebibyte, allowedGrowth / mebibyte));
    }
  }
  return { tables, goals, measurements };
}

const sizes = [
  { title: '1 KiB', bytes: kibibyte },
  { title: '64 KiB', bytes: 64 * kibibyte },
  { title: '1 MiB', bytes: mebibyte },
];

async function startSides(setting: Setting, bytes: number): Promise<Side[]> {
  const stub = await startStub(setting.scope);
  const sides: Side[] = [];
  for (const form of ['json', 'sse']) {
    for (const contender of ['nginx', 'gateway']) {
      const target = await (await contenderNamed(contender)).start(setting, stub, `answer=${form},bytes=${bytes}`);
      sides.push({ name: `${contender} ${form}`, target, requests: calls(target), right: isCalled(bytes) });
    }
  }
  return sides;
}

function withBytes(table: Table, rounds: Rounds, sides: Side[], growth: number[]): Table {
  const more = sides.map((side, number) => {
    const rate = rounds.median(side.name, connections, 'bytesPerSecond') / mebibyte;
    return [Math.round(rate), ((growth[number] ?? NaN) / mebibyte).toFixed(1)];
  });
  return {
    title: table.title,
    columns: [...table.columns, 'MiB/s', 'peak growth MiB'],
    rows: table.rows.map((row, number) => [...row, ...(more[number] ?? [])]),
  };
}
