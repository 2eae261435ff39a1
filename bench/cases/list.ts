// The list of 2,000 tools, warm; and cold, while a vendor hangs or is late.
import { McpHttp } from '../../tests/e2e/harness/mcp_http.ts';
import { bearerFor } from '../../tests/e2e/harness/token.ts';
import { httpVendor, type VendorDefinition } from '../../tests/e2e/harness/vendors.ts';
import { untilTrue } from '../../tests/e2e/harness/wait.ts';
import { saveKeys, sessionTarget, startGateway, stubVendor, type Running } from '../runner/gateway.ts';
import { startStub, type Server } from '../runner/pinned.ts';
import { atMost, comparison, measurementsOf, type Report } from '../runner/report.ts';
import { median, Rounds, type Side } from '../runner/rounds.ts';
import type { Setting } from '../runner/setting.ts';
import { post, type Answer } from '../runner/target.ts';
import * as nginx from '../contenders/nginx.ts';

export const about = 'tools/list of 50 vendors with 40 tools each, warm; of 20 vendors cold, one of which hangs';

const vendorCount = 50;
const toolsEach = 40;
const connections = 8;
const delay = 50; // milliseconds, of each answer of the cold vendors

export async function run(setting: Setting): Promise<Report> {
  const stub = await startStub(setting.scope);
  const warm = await warmList(setting, stub);
  const cold = await coldLists(setting, stub);
  const late = await lateVendor(setting, stub);

  return {
    tables: [
      comparison(`Warm, ${vendorCount} vendors; nginx passes on one vendor's list of as many tools`, warm, ['nginx', 'gateway'], 'nginx', [connections]),
      {
        title: `Cold, from initialize to the whole list; every answer of a vendor takes ${delay} ms`,
        columns: ['vendors', 'ms', 'to one vendor'],
        rows: cold.map(({ name, milliseconds }) => [name, Math.round(milliseconds), `${(milliseconds / took(cold, 0)).toFixed(2)}x`]),
      },
      { title: 'A vendor that is late: what the client sees', columns: ['ms after initialize', ''], rows: late },
    ],
    goals: [
      atMost('warm: CPU us of a list', warm.median('gateway', connections, 'cpu'), 1000),
      atMost('cold: 19 vendors and one that hangs, to the 19 alone', took(cold, 2) / took(cold, 1), 1.1),
    ],
    measurements: { warm: measurementsOf(warm), cold, late },
  };
}

const took = (cold: Cold[], row: number) => cold[row]?.milliseconds ?? NaN;

const urlOf = (stub: Server, options: string) => `http://127.0.0.1:${stub.port}/${options}/mcp`;
const slugs = (count: number) => Array.from({ length: count }, (_, index) => `vendor-${String(index).padStart(2, '0')}`);

function hasTools(count: number): (answer: Answer) => void {
  return (answer) => {
    const tools = JSON.parse(answer.body).result?.tools ?? [];
    const listed = tools.filter(({ name }: { name: string }) => !name.startsWith('gateway__')).length;
    if (listed !== count) throw new Error(`${listed} tools instead of ${count}: ${answer.status} ${answer.body.slice(0, 300)}`);
  };
}

async function warmList(setting: Setting, stub: Server): Promise<Rounds> {
  const vendors = slugs(vendorCount).map((slug) => stubVendor(slug, urlOf(stub, `tools=${toolsEach}`)));
  const running = await startGateway(setting, { vendors });
  await saveKeys(running.owner, slugs(vendorCount));
  const gateway = await sessionTarget(running, running.gateway.mcpUrl, '');
  const client = await McpHttp.open(running.gateway.mcpUrl, await bearerFor(running.owner));
  await untilTrue(async () => (await client.toolNames()).length > vendorCount * toolsEach);

  const tools = vendorCount * toolsEach;
  const bare = await nginx.start(setting, stub, `tools=${tools}`);
  const right = hasTools(tools);
  const lists = (target: Side['target']) =>
    Array.from({ length: 64 }, (_, index) => post(target, { jsonrpc: '2.0', id: index + 1, method: 'tools/list', params: {} }));
  const sides = [
    { name: 'nginx', target: bare, requests: lists(bare), right },
    { name: 'gateway', target: gateway, requests: lists(gateway), right },
  ];
  return Rounds.run(setting, sides, [connections]);
}

interface Cold {
  name: string;
  milliseconds: number;
  all: number[];
}

// Vendors that want a key: the others would be asked as soon as the gateway starts, before anybody waits for them.
async function coldLists(setting: Setting, stub: Server): Promise<Cold[]> {
  const healthy = (count: number) => slugs(count).map((slug) => stubVendor(slug, urlOf(stub, `delay=${delay}`)));
  const hanging = httpVendor('hanging', urlOf(stub, 'hang=1'));
  const sides = [
    { name: 'one', healthy: 1, vendors: healthy(1) },
    { name: '19', healthy: 19, vendors: healthy(19) },
    { name: '19, and one that hangs', healthy: 19, vendors: [...healthy(19), hanging] },
  ];
  const started = [];
  for (const side of sides) started.push({ ...side, ...(await ready(setting, side.vendors, slugs(side.healthy))), all: [] as number[] });
  for (let repeat = 0; repeat < setting.repeats; ++repeat) {
    for (const side of started) {
      await side.running.gateway.restart();
      const begin = performance.now();
      const client = await McpHttp.open(side.running.gateway.mcpUrl, side.bearer);
      const names = await client.toolNames();
      side.all.push(performance.now() - begin);
      const listed = names.filter((name) => !name.startsWith('gateway__')).length;
      if (listed !== side.healthy) throw new Error(`${side.name}: ${listed} tools instead of ${side.healthy}`);
    }
  }
  return started.map(({ name, all }) => ({ name, milliseconds: median(all), all }));
}

async function ready(setting: Setting, vendors: VendorDefinition[], keyed: string[]): Promise<{ running: Running; bearer: string }> {
  const running = await startGateway(setting, { vendors });
  await saveKeys(running.owner, keyed);
  return { running, bearer: await bearerFor(running.owner) };
}

async function lateVendor(setting: Setting, stub: Server): Promise<[number, string][]> {
  const vendors = [...slugs(5).map((slug) => stubVendor(slug, urlOf(stub, `delay=${delay}`))), stubVendor('late', urlOf(stub, 'delay=600'))];
  const { running, bearer } = await ready(setting, vendors, [...slugs(5), 'late']);
  await running.gateway.restart();

  const begin = performance.now();
  const seen: [number, string][] = [];
  const see = (what: string) => seen.push([Math.round(performance.now() - begin), what]);
  const client = await McpHttp.open(running.gateway.mcpUrl, bearer);
  const listed = async () => (await client.toolNames()).filter((name) => !name.startsWith('gateway__')).length;
  const ended = new AbortController();
  const announced = (async () => {
    for await (const event of client.stream(ended.signal)) if (event.data.includes('notifications/tools/list_changed')) return;
  })();
  see(`tools/list has the tools of ${await listed()} of 6 vendors`);
  await announced;
  see('notifications/tools/list_changed arrives');
  see(`tools/list has the tools of ${await listed()} of 6 vendors`);
  ended.abort();
  return seen;
}
