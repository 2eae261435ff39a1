// What a request costs in instructions and allocations, held against what it cost when bench/guard/expected.json was written:
// a change that makes the data path slower is seen on any machine.
//   bench/guard/run            compares; the last line is "N passed, N failed"
//   bench/guard/run --accept   writes expected.json anew
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { McpHttp } from '../../tests/e2e/harness/mcp_http.ts';
import { bearerFor } from '../../tests/e2e/harness/token.ts';
import { Scope } from '../../tests/e2e/harness/scope.ts';
import { untilTrue } from '../../tests/e2e/harness/wait.ts';
import { calls, isCalled, modern } from '../runner/calls.ts';
import { saveKeys, sessionTarget, startGateway, stubVendor } from '../runner/gateway.ts';
import { startStub } from '../runner/pinned.ts';
import { ask, post, type HttpRequest, type Target } from '../runner/target.ts';
import { count } from './counter.ts';
import type { Counts } from './dump.ts';

const expectedFile = fileURLToPath(new URL('expected.json', import.meta.url));
const tolerance = 0.05; // of instructions: libraries of another version differ by less
const oneMore = 1; // allocation: what happens beside the requests may fill up to a whole one

interface Case {
  name: string;
  target: Target;
  requests: HttpRequest[];
}

async function cases(scope: Scope): Promise<Case[]> {
  const stub = await startStub(scope);
  const url = (options: string) => `http://127.0.0.1:${stub.port}/${options}/mcp`;
  const vendors = [stubVendor('plain', url('tools=40')), stubVendor('events', url('answer=sse')), stubVendor('large', url('bytes=65536'))];
  const running = await startGateway({ scope, repeats: 1, seconds: 1 }, { vendors });
  const { gateway, owner } = running;
  await saveKeys(owner, vendors.map(({ slug }) => slug));

  const session = await sessionTarget(running, gateway.mcpUrl, 'plain__tool_0');
  const bare = { ...session, headers: { authorization: session.headers['authorization'] ?? '' } };
  const own = await sessionTarget(running, gateway.vendorUrl('plain'), 'tool_0');
  const { headers, params } = modern('tools/call', bare.tool);
  const other = (tool: string) => ({ ...session, tool });
  const list = post(session, { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} });
  const client = await McpHttp.open(gateway.mcpUrl, await bearerFor(owner));
  await untilTrue(async () => (await client.toolNames()).length > 40);
  for (const [target, bytes] of [[session, 1024], [own, 1024], [other('events__tool_0'), 1024], [other('large__tool_0'), 65536]] as const) {
    isCalled(bytes)(await ask(target, calls(target)[0]!));
  }
  return [
    { name: 'call, session', target: session, requests: calls(session) },
    { name: 'call, one-shot', target: bare, requests: calls(bare) },
    { name: 'call, modern client', target: bare, requests: calls(bare, headers, params) },
    { name: "call, the vendor's endpoint", target: own, requests: calls(own) },
    { name: 'call, answered by an event stream', target: session, requests: calls(other('events__tool_0')) },
    { name: 'call, 64 KiB answer', target: session, requests: calls(other('large__tool_0')) },
    { name: 'list of 42 tools', target: session, requests: [list] },
  ];
}

async function measure(scope: Scope): Promise<Record<string, Counts>> {
  const counts = join(scope.directory('counts'), 'counts');
  process.env['GUARD_COUNTS'] = counts;
  const found: Record<string, Counts> = {};
  for (const { name, target, requests } of await cases(scope)) found[name] = await count(target, requests, counts);
  return found;
}

function compare(found: Record<string, Counts>): number {
  const expected: Record<string, Counts> = JSON.parse(readFileSync(expectedFile, 'utf8'));
  let failed = 0;
  for (const [name, { instructions, allocations }] of Object.entries(found)) {
    const before = expected[name] ?? { instructions: NaN, allocations: NaN };
    const ratio = instructions / before.instructions;
    const good = ratio <= 1 + tolerance && allocations <= before.allocations + oneMore;
    const better = ratio < 1 - tolerance || allocations < before.allocations - oneMore;
    if (!good) ++failed;
    const words = `${instructions} instructions, ${ratio.toFixed(3)} of the ${before.instructions} expected; ${allocations} allocations of ${before.allocations}`;
    const hint = good && better ? ' (better: accept it with bench/guard/run --accept)' : '';
    console.log(`${good ? 'passed' : 'FAILED'}  ${name}: ${words}${hint}`);
  }
  return failed;
}

process.env['E2E_GATEWAY_BINARY'] = fileURLToPath(new URL('gateway.sh', import.meta.url));
let failure: Error | undefined;
const scope = new Scope('bench guard', () => failure !== undefined);
const found = await measure(scope).catch((error: Error) => {
  failure = error;
});
await scope.end();
if (!found) throw failure;
if (process.argv.includes('--accept')) {
  writeFileSync(expectedFile, `${JSON.stringify(found, null, 2)}\n`);
  console.log(found);
  process.exit(0);
}
const failed = compare(found);
console.log(`${Object.keys(found).length - failed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
