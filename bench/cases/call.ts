// The ordinary call: 300 bytes in, 1 KiB out.
import { atLeast, atMost, comparison, measurementsOf, type Report } from '../runner/report.ts';
import { Rounds } from '../runner/rounds.ts';
import type { Setting } from '../runner/setting.ts';
import { sidesOf } from '../runner/sides.ts';

export const about = 'tools/call through /v1/mcp, 300 B in and 1 KiB out, beside proxies that only pass bytes on';

const connections = [1, 32, 256];
const contenders = ['direct', 'gateway', 'haproxy', 'nginx', 'relay'];

export async function run(setting: Setting): Promise<Report> {
  const rounds = await Rounds.run(setting, await sidesOf(setting, contenders), connections);

  const added = (side: string) => rounds.median(side, 1, 'p50') - rounds.median('direct', 1, 'p50');
  const goals = [
    ...[32, 256].map((count) => atLeast(`throughput to nginx, ${count} connections`, rounds.ratio('gateway', 'nginx', count, 'requestsPerSecond'), 1)),
    ...[32, 256].map((count) => atMost(`p99 to nginx, ${count} connections`, rounds.ratio('gateway', 'nginx', count, 'p99'), 1.2)),
    atMost('p50 added to a direct call, to what nginx adds, 1 connection', added('gateway') / added('nginx'), 1),
  ];
  const table = comparison('Medians', rounds, contenders, 'nginx', connections);
  return { tables: [table], goals, measurements: measurementsOf(rounds) };
}
