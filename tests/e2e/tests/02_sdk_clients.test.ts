// The official SDK clients and the Inspector's command line, each with a bearer token, on both endpoints.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as sdk2 from '@modelcontextprotocol/client';
import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as Transport1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

import { Gateway } from '../harness/gateway.ts';
import { node, programs } from '../harness/places.ts';
import { Program } from '../harness/program.ts';
import { Scope } from '../harness/scope.ts';
import { bearerFor } from '../harness/token.ts';
import { everythingOverStdio } from '../harness/vendors.ts';

interface Endpoint {
  what: string;
  url: string;
  echo: string;
  bearer: string;
}

async function endpoints(scope: Scope): Promise<Endpoint[]> {
  const gateway = await Gateway.start(scope, { vendors: [everythingOverStdio('every')] });
  const owner = await gateway.owner();
  const unified = { what: 'unified', url: gateway.mcpUrl, echo: 'every__echo' };
  const single = { what: 'one vendor', url: gateway.vendorUrl('every'), echo: 'echo' };
  return [
    { ...unified, bearer: await bearerFor(owner, unified.url) },
    { ...single, bearer: await bearerFor(owner, single.url) },
  ];
}

const firstText = (result: unknown) => (result as { content: { text: string }[] }).content[0]?.text;

test('SDK 1.x lists and calls', async (t) => {
  const scope = Scope.of(t);
  for (const { what, url, echo, bearer } of await endpoints(scope)) {
    const client = new Client1({ name: 'sdk-1', version: '1.0.0' });
    scope.atEnd(() => client.close());
    await client.connect(new Transport1(new URL(url), { requestInit: { headers: { authorization: `Bearer ${bearer}` } } }) as never);
    const { tools } = await client.listTools();
    assert.ok(tools.some((tool) => tool.name === echo), what);
    assert.equal(firstText(await client.callTool({ name: echo, arguments: { message: 'one' } })), 'Echo: one', what);
    await client.ping();
  }
});

test('SDK 2.x lists and calls', async (t) => {
  const scope = Scope.of(t);
  for (const { what, url, echo, bearer } of await endpoints(scope)) {
    const client = new sdk2.Client({ name: 'sdk-2', version: '1.0.0' });
    scope.atEnd(() => client.close());
    const headers = { authorization: `Bearer ${bearer}` };
    await client.connect(new sdk2.StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
    const { tools } = await client.listTools();
    assert.ok(tools.some((tool) => tool.name === echo), what);
    assert.equal(firstText(await client.callTool({ name: echo, arguments: { message: 'two' } })), 'Echo: two', what);
  }
});

test('SDK 2.x that probes for the newest era falls back and works', async (t) => {
  const scope = Scope.of(t);
  for (const { what, url, echo, bearer } of await endpoints(scope)) {
    const client = new sdk2.Client({ name: 'sdk-2-auto', version: '1.0.0' }, { versionNegotiation: { mode: 'auto' } });
    scope.atEnd(() => client.close());
    const headers = { authorization: `Bearer ${bearer}` };
    await client.connect(new sdk2.StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
    assert.equal(firstText(await client.callTool({ name: echo, arguments: { message: 'auto' } })), 'Echo: auto', what);
  }
});

test("the Inspector's command line lists and calls", async (t) => {
  const scope = Scope.of(t);
  const home = scope.directory('inspector');
  for (const { what, url, echo, bearer } of await endpoints(scope)) {
    const inspect = async (...args: string[]) => {
      const common = ['--cli', url, '--transport', 'http', '--header', `Authorization: Bearer ${bearer}`, '--protocol-era', 'legacy'];
      const program = new Program({
        command: node,
        args: [programs.inspector, ...common, ...args],
        env: { HOME: home, MCP_CATALOG_PATH: `${home}/catalog.json` },
      });
      assert.equal((await program.exited).code, 0, `${what}: ${program.output}`);
      return program.output;
    };
    assert.ok((await inspect('--method', 'tools/list')).includes(`"${echo}"`), what);
    const called = await inspect('--method', 'tools/call', '--tool-name', echo, '--tool-arg', 'message=inspected');
    assert.match(called, /Echo: inspected/, what);
  }
});
