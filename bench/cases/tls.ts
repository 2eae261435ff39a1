// The ordinary call over TLS, which the gateway ends itself.
import { calls, isCalled } from '../runner/calls.ts';
import { makeCertificate } from '../runner/certificate.ts';
import { contenderNamed } from '../runner/found.ts';
import { startStub } from '../runner/pinned.ts';
import { atLeast, comparison, measurementsOf, type Report } from '../runner/report.ts';
import { Rounds, type Side } from '../runner/rounds.ts';
import type { Setting } from '../runner/setting.ts';

export const about = 'tools/call over TLS 1.3, beside nginx with TLS';

const connections = [32, 256];

export async function run(setting: Setting): Promise<Report> {
  const stub = await startStub(setting.scope);
  const certificate = makeCertificate(setting.scope);
  const sides: Side[] = [];
  for (const name of ['nginx', 'gateway']) {
    const target = await (await contenderNamed(name)).start(setting, stub, '-', certificate);
    sides.push({ name, target, requests: calls(target), right: isCalled(1024) });
  }
  const rounds = await Rounds.run(setting, sides, connections);
  return {
    tables: [comparison('Medians', rounds, ['nginx', 'gateway'], 'nginx', connections)],
    goals: connections.map((count) => atLeast(`throughput to nginx, ${count} connections`, rounds.ratio('gateway', 'nginx', count, 'requestsPerSecond'), 1)),
    measurements: measurementsOf(rounds),
  };
}
