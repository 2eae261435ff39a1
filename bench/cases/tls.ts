// The ordinary call over TLS, which the gateway ends itself.
import { makeCertificate } from '../runner/certificate.ts';
import { atLeast, comparison, measurementsOf, type Report } from '../runner/report.ts';
import { Rounds } from '../runner/rounds.ts';
import type { Setting } from '../runner/setting.ts';
import { sidesOf } from '../runner/sides.ts';

export const about = 'tools/call over TLS 1.3, beside nginx with TLS';

const connections = [32, 256];

export async function run(setting: Setting): Promise<Report> {
  const sides = await sidesOf(setting, ['nginx', 'gateway'], makeCertificate(setting.scope));
  const rounds = await Rounds.run(setting, sides, connections);
  return {
    tables: [comparison('Medians', rounds, ['nginx', 'gateway'], 'nginx', connections)],
    goals: connections.map((count) => atLeast(`throughput to nginx, ${count} connections`, rounds.ratio('gateway', 'nginx', count, 'requestsPerSecond'), 1)),
    measurements: measurementsOf(rounds),
  };
}
