// The gateway's own tools: what they tell a model about missing vendors, and search mode for large catalogues.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

import { Gateway, type GatewayOptions } from '../harness/gateway.ts';
import type { Person } from '../harness/person.ts';
import { Scope } from '../harness/scope.ts';
import { bearerFor } from '../harness/token.ts';
import { untilTrue } from '../harness/wait.ts';

const demoKey = 'demo-key-1234567890';
const ownNames = ['gateway__status', 'gateway__search_tools', 'gateway__call_tool'];

interface Connected {
  gateway: Gateway;
  owner: Person;
  client: Client;
}

// The official client checks structured content against the outputSchema of the tools that it has listed.
async function connected(scope: Scope, query = '', options: GatewayOptions = {}): Promise<Connected> {
  const gateway = await Gateway.start(scope, options);
  const owner = await gateway.owner();
  const headers = { authorization: `Bearer ${await bearerFor(owner)}` };
  const client = new Client({ name: 'a model', version: '1.0.0' });
  scope.atEnd(() => client.close());
  await client.connect(new StreamableHTTPClientTransport(new URL(gateway.mcpUrl + query), { requestInit: { headers } }) as never);
  return { gateway, owner, client };
}

const namesOf = async (client: Client) => (await client.listTools()).tools.map((tool) => tool.name);

async function call(client: Client, name: string, args: Record<string, unknown> = {}) {
  const result = await client.callTool({ name, arguments: args });
  const content = result.content as { type: string; text: string }[];
  return { text: content.map((part) => part.text).join('\n'), structured: result.structuredContent as any, failed: result.isError === true };
}

test('gateway__status says which vendor is missing, why, and where to change that', async (t) => {
  const { gateway, owner, client } = await connected(Scope.of(t));
  assert.ok((await namesOf(client)).includes('gateway__status'));
  const stateOf = async (slug: string) => {
    const { structured } = await call(client, 'gateway__status');
    return structured.vendors.find((vendor: { vendor: string }) => vendor.vendor === slug);
  };

  const before = await stateOf('demo-tickets');
  assert.equal(before.state, 'needs_credential');
  assert.equal(before.tools, 0);
  assert.equal(before.link, `${gateway.url}/settings/connections/demo-tickets`);
  assert.equal((await stateOf('demo-docs')).state, 'up');
  assert.match((await call(client, 'gateway__status', { vendor: 'demo-tickets' })).text, /needs your credential/);

  await owner.saveCredential('demo-tickets', { api_key: demoKey });
  const after = await stateOf('demo-tickets');
  assert.equal(after.state, 'up');
  assert.ok(after.tools > 0);
});

test('in search mode a model has three tools, and with them all of them', async (t) => {
  const { owner, client } = await connected(Scope.of(t), '?tools=search');
  await owner.saveCredential('demo-tickets', { api_key: demoKey });
  assert.deepEqual(await namesOf(client), ownNames);

  const { structured } = await call(client, 'gateway__search_tools', { query: 'search knowledge base articles', limit: 3 });
  assert.equal(structured.tools[0].name, 'demo-docs__search_articles');
  assert.equal(structured.tools[0].inputSchema.type, 'object');
  assert.ok(structured.tools.length <= 3);

  const found = await call(client, 'gateway__call_tool', { name: structured.tools[0].name, arguments: { query: 'guest wireless' } });
  assert.match(found.text, /kb-130/);
  assert.match((await call(client, 'gateway__call_tool', { name: 'demo-tickets__list_tickets' })).text, /VPN connects/);
  assert.match((await call(client, 'demo-tickets__list_tickets')).text, /VPN connects/);

  const wrong = await call(client, 'gateway__call_tool', { name: 'demo-docs__search_articles', query: 'guest wireless' });
  assert.ok(wrong.failed);
  assert.match(wrong.text, /"query" belongs into "arguments"/);
});

test('too many tools bring search mode by themselves, and the URL wins over that', async (t) => {
  const scope = Scope.of(t);
  const { client } = await connected(scope, '', { config: { mcp: { search_threshold: 1 } } });
  assert.deepEqual(await namesOf(client), ownNames);
  const all = await connected(scope, '?tools=all', { config: { mcp: { search_threshold: 1 } } });
  assert.ok((await namesOf(all.client)).includes('demo-docs__search_articles'));
});

test('switched off, none of them is there', async (t) => {
  const { client } = await connected(Scope.of(t), '?tools=search', { config: { mcp: { own_tools: false } } });
  const names = await namesOf(client);
  assert.ok(names.includes('demo-docs__search_articles'), names.join(' '));
  assert.deepEqual(names.filter((name) => name.startsWith('gateway__')), []);
  await assert.rejects(client.callTool({ name: 'gateway__status', arguments: {} }), /Unknown tool/);
});

test('search mode that a person chose holds for all of their clients, and those that are connected are told', async (t) => {
  const { owner, client } = await connected(Scope.of(t));
  let told = 0;
  client.setNotificationHandler(ToolListChangedNotificationSchema, () => void ++told);
  assert.ok((await namesOf(client)).includes('demo-docs__search_articles'));
  await owner.chooseTools('search');
  await untilTrue(() => told > 0);
  assert.deepEqual(await namesOf(client), ownNames);
});
