// Many vendors on the unified endpoint: the ill ones cost the others nothing, and names are legal, unique and lasting.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { startManyVendors, type ManyVendor, type ManyVendors } from '../fixtures/many_vendors.ts';
import { freePort } from '../harness/free_port.ts';
import { Gateway } from '../harness/gateway.ts';
import { McpHttp } from '../harness/mcp_http.ts';
import { Scope } from '../harness/scope.ts';
import { bearerFor } from '../harness/token.ts';
import { httpVendor, type VendorDefinition } from '../harness/vendors.ts';

const number = (value: number, digits: number) => String(value).padStart(digits, '0');

interface Listed {
  names: string[];
  milliseconds: number;
}

// The whole list, page by page, without the gateway's own tools.
async function list(client: McpHttp): Promise<Listed> {
  const started = performance.now();
  const names: string[] = [];
  let cursor: string | undefined;
  do {
    const answer = await client.request('tools/list', cursor ? { cursor } : {});
    assert.ok(answer.message['result'], answer.text.slice(0, 500));
    names.push(...answer.message['result'].tools.map((tool: { name: string }) => tool.name));
    cursor = answer.message['result'].nextCursor;
  } while (cursor);
  return { names: names.filter((name) => !name.startsWith('gateway__')), milliseconds: performance.now() - started };
}

async function connect(gateway: Gateway): Promise<McpHttp> {
  return McpHttp.open(gateway.mcpUrl, await bearerFor(await gateway.owner()));
}

test('of twenty vendors, one hangs, one is dead, one garbles: the list is complete for the others and waits for none of the three', async (t) => {
  const scope = Scope.of(t);
  const slowest = 600;
  const deadline = 2_000; // of a vendor, for the handshake and the list
  const tools = ['search', 'read', 'write'];
  const well = Array.from({ length: 17 }, (_, index): ManyVendor => ({ slug: `well-${number(index, 2)}`, tools, delay: index * 37 }));
  const ill: ManyVendor[] = [{ slug: 'hanging', tools, ill: 'hangs' }, { slug: 'garbling', tools, ill: 'garbles' }];
  assert.ok(well.every(({ delay = 0 }) => delay <= slowest));
  const many = await startManyVendors(scope, [...well, ...ill]);
  const dead = { slug: 'dead', url: `http://127.0.0.1:${await freePort()}/mcp` };
  const all = [...[...ill, ...well].map(({ slug }) => ({ slug, url: many.urlOf(slug) })), dead];
  const timeouts = { call: '2s', list: `${deadline}ms` };
  const vendors = all.map(({ slug, url }) => httpVendor(slug, url, { timeouts, health: { check: 'none' } }));
  const gateway = await Gateway.start(scope, { vendors, demo: false });

  const client = await connect(gateway);
  const cold = await list(client);
  const warm = await list(client);
  console.log(`cold list ${Math.round(cold.milliseconds)} ms, warm list ${Math.round(warm.milliseconds)} ms`);
  const expected = well.flatMap(({ slug }) => tools.map((tool) => `${slug}__${tool}`)).sort();
  assert.deepEqual([...cold.names].sort(), expected);
  assert.ok(cold.milliseconds < slowest + deadline, `${cold.milliseconds} ms`);
  assert.deepEqual(warm.names, cold.names);
  assert.ok(warm.milliseconds < deadline / 4, `${warm.milliseconds} ms`);
});

const vendorCount = 100;
const toolsPerVendor = 100;

// Names that need care: too long, alike up to their end, and with characters that clients refuse.
function awkwardTools(vendor: number): string[] {
  const long = `synchronise_every_configuration_item_of_the_managed_organisation_${number(vendor, 3)}`;
  const awkward = [`${long}_first`, `${long}_second`, 'tickets.search', 'tickets/search', 'tickets_search', 'kundendaten-löschen'];
  return [...awkward, ...Array.from({ length: toolsPerVendor - awkward.length }, (_, index) => `search_records_${number(index, 3)}`)];
}

function definitions(many: ManyVendors, vendors: ManyVendor[]): VendorDefinition[] {
  return vendors.map(({ slug }) => httpVendor(slug, many.urlOf(slug), { health: { check: 'none' } }));
}

test('10,000 tools of 100 vendors have legal, unique names that stay the same over a restart and in any order of vendors', async (t) => {
  const scope = Scope.of(t);
  const vendors = Array.from({ length: vendorCount }, (_, index) => ({ slug: `vendor-${number(index, 3)}`, tools: awkwardTools(index) }));
  const many = await startManyVendors(scope, vendors);
  const gateway = await Gateway.start(scope, { vendors: definitions(many, vendors), demo: false, logLevel: 'info' });
  const bearer = await bearerFor(await gateway.owner());
  const client = await McpHttp.open(gateway.mcpUrl, bearer);
  const cold = await list(client);
  const warm = await list(client);
  assert.equal(cold.names.length, vendorCount * toolsPerVendor);
  assert.equal(new Set(cold.names).size, cold.names.length);
  assert.deepEqual(cold.names.filter((name) => !/^[a-zA-Z0-9_-]{1,64}$/.test(name)), []);
  assert.deepEqual(warm.names, cold.names);

  // Every awkward name still leads to the tool that it stands for.
  const own = vendors[42]?.tools ?? [];
  const ofOne = cold.names.filter((name) => name.startsWith('vendor-042__'));
  const called = await Promise.all(ofOne.map((name) => client.call(name)));
  const reached = called.map((answer) => answer.message['result']?.content[0].text);
  assert.deepEqual(reached.sort(), own.map((tool) => `vendor-042 ${tool}`).sort());

  await gateway.restart();
  const restarted = await list(await McpHttp.open(gateway.mcpUrl, bearer));
  assert.deepEqual(restarted.names, cold.names);

  const backwards = definitions(many, [...vendors].reverse()).map((vendor, index) => ({ ...vendor, file: number(index, 3) }));
  const other = await Gateway.start(scope, { vendors: backwards, demo: false, logLevel: 'info' });
  const elsewhere = await list(await connect(other));
  assert.deepEqual(elsewhere.names, cold.names);

  const times = { cold, warm, 'after a restart': restarted, 'vendors backwards': elsewhere };
  for (const [what, { milliseconds }] of Object.entries(times)) console.log(`10,000 tools, ${what}: ${Math.round(milliseconds)} ms`);
});
