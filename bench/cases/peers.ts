// The ordinary call through programs that do part of what the gateway does.
import { comparison, measurementsOf, type Report } from '../runner/report.ts';
import { Rounds } from '../runner/rounds.ts';
import type { Setting } from '../runner/setting.ts';
import { sidesOf } from '../runner/sides.ts';
import * as mcpProxy from '../contenders/mcp_proxy.ts';
import * as passthrough from '../contenders/passthrough.ts';

export const about = 'tools/call through other MCP proxies, which check no token and know one vendor, beside the gateway and nginx';

const connections = [1, 32];
const contenders = ['gateway', 'nginx', 'mcp_proxy', 'passthrough'];

const what = [
  ['gateway', 'checks the token, puts in the key of its person, joins vendors, keeps the session'],
  ['nginx', 'passes bytes on'],
  ['mcp_proxy', mcpProxy.about],
  ['passthrough', passthrough.about],
];

export async function run(setting: Setting): Promise<Report> {
  const rounds = await Rounds.run(setting, await sidesOf(setting, contenders), connections);
  return {
    tables: [{ title: 'What each does', columns: ['', ''], rows: what }, comparison('Medians', rounds, contenders, 'nginx', connections)],
    goals: [],
    notes: ['the peers are programs for node, whose own threads share the core; versions: bench/peers/package.json'],
    measurements: measurementsOf(rounds),
  };
}
