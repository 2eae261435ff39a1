// Two I/O threads beside one. Throughput shows it only where load and vendor have cores of their own; what a call costs, and how
// often its threads are switched, shows it anywhere.
import { availableParallelism } from 'node:os';

import { calls, isCalled } from '../runner/calls.ts';
import { saveKeys, sessionTarget, startGateway, stubVendor } from '../runner/gateway.ts';
import { startStub } from '../runner/pinned.ts';
import { atLeast, atMost, comparison, measurementsOf, type Report } from '../runner/report.ts';
import { Rounds, type Side } from '../runner/rounds.ts';
import type { Setting } from '../runner/setting.ts';

export const about = 'two threads beside one';

const connections = 64;
const wanted = 1.8; // times the throughput
const coresNeeded = 5; // two for the gateway, one for the vendor, two for the load

export async function run(setting: Setting): Promise<Report> {
  const stub = await startStub(setting.scope);
  const sides: Side[] = [];
  for (const [name, threads, cpus] of [['1 thread', 1, '0'], ['2 threads', 2, '0,1']] as const) {
    const config = { threads, oauth: { access_token_lifetime: '24h' } };
    const vendors = [stubVendor('stub', `http://127.0.0.1:${stub.port}/-/mcp`)];
    const running = await startGateway(setting, { vendors, config, env: { BENCH_CPUS: cpus } });
    await saveKeys(running.owner, ['stub']);
    const target = await sessionTarget(running, running.gateway.mcpUrl, 'stub__tool_0');
    sides.push({ name, target, requests: calls(target), right: isCalled(1024) });
  }
  const rounds = await Rounds.run(setting, sides, [connections]);

  const table = comparison('Medians', rounds, ['1 thread', '2 threads'], '1 thread', [connections]);
  const switches = ['1 thread', '2 threads'].map((side) => rounds.median(side, connections, 'switches').toFixed(3));
  const cost = rounds.ratio('2 threads', '1 thread', connections, 'cpu');
  const cores = availableParallelism();
  return {
    tables: [{ ...table, columns: [...table.columns, 'switches a call'], rows: table.rows.map((row, number) => [...row, switches[number] ?? '']) }],
    goals: [
      atMost(`CPU of a call with 2 threads to 1 (${(2 / wanted).toFixed(2)} leaves ${wanted} times the throughput)`, cost, 2 / wanted),
      ...(cores >= coresNeeded ? [atLeast('throughput with 2 threads to 1', rounds.ratio('2 threads', '1 thread', connections, 'requestsPerSecond'), wanted)] : []),
    ],
    notes: cores >= coresNeeded ? [] : [`throughput is not judged: with ${cores} cores the second thread shares one with load and vendor`],
    measurements: measurementsOf(rounds),
  };
}
