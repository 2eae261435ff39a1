// Which endpoint, which era of client and which era of vendor: what each way of calling costs.
import { bearerFor } from '../../tests/e2e/harness/token.ts';
import { calls, isCalled, modern } from '../runner/calls.ts';
import { contenderNamed } from '../runner/found.ts';
import { saveKeys, sessionTarget, startGateway, stubVendor, type Running } from '../runner/gateway.ts';
import { startStub } from '../runner/pinned.ts';
import { comparison, measurementsOf, type Report } from '../runner/report.ts';
import { Rounds, type Side } from '../runner/rounds.ts';
import type { Setting } from '../runner/setting.ts';

export const about = 'tools/call at both endpoints, by clients with a session, without one, and modern, to vendors of both eras';

const connections = [32];
const right = isCalled(1024);

export async function run(setting: Setting): Promise<Report> {
  const stub = await startStub(setting.scope);
  const nginx = await (await contenderNamed('nginx')).start(setting, stub, '-');
  const sides: Side[] = [{ name: 'nginx', target: nginx, requests: calls(nginx), right }];

  const url = (options: string) => `http://127.0.0.1:${stub.port}/${options}/mcp`;
  const vendors = [stubVendor('legacy', url('era=legacy')), stubVendor('modern', url('era=modern'))];
  const running = await startGateway(setting, { vendors });
  await saveKeys(running.owner, ['legacy', 'modern']);
  for (const vendor of ['legacy', 'modern']) {
    sides.push(...(await clients(running, '/v1/mcp', running.gateway.mcpUrl, vendor, `${vendor}__tool_0`)));
    sides.push(...(await clients(running, '/v1/{vendor}/mcp', running.gateway.vendorUrl(vendor), vendor, 'tool_0')));
  }

  const rounds = await Rounds.run(setting, sides, connections);
  const table = comparison('Medians', rounds, sides.map((side) => side.name), 'nginx', connections);
  return { tables: [table], goals: [], measurements: measurementsOf(rounds) };
}

async function clients(running: Running, path: string, url: string, vendor: string, tool: string): Promise<Side[]> {
  const session = await sessionTarget(running, url, tool);
  const bare = { ...session, headers: { authorization: `Bearer ${await bearerFor(running.owner, url)}` } };
  const { headers, params } = modern('tools/call', tool);
  const name = (client: string) => `${path}, ${client}, ${vendor} vendor`;
  return [
    { name: name('session'), target: session, requests: calls(session), right },
    { name: name('one-shot'), target: bare, requests: calls(bare), right },
    { name: name('modern client'), target: bare, requests: calls(bare, headers, params), right },
  ];
}
