// Clients that speak the deprecated HTTP+SSE transport: the official ones see every feature, and mcp-remote lives through
// a restart.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { Browser } from '../harness/browser.ts';
import { seeEverything, unifiedNames } from '../harness/everything_cells.ts';
import { everythingVendor, startEverythingVendor } from '../harness/everything_vendor.ts';
import { Gateway } from '../harness/gateway.ts';
import { Peer, type Kind } from '../harness/peer.ts';
import type { Person } from '../harness/person.ts';
import { Remote, textOf } from '../harness/remote.ts';
import { Scope } from '../harness/scope.ts';
import { bearerFor } from '../harness/token.ts';
import { httpVendor } from '../harness/vendors.ts';
import { within } from '../harness/wait.ts';

const kinds: Kind[] = ['SDK 1.x', 'SDK 2.x legacy'];
const vendors = ['legacy-http', 'modern-stdio'];

describe('over HTTP+SSE every client sees every feature of vendors of both eras', () => {
  let failed = false;
  const scope = new Scope('http-sse', () => failed);
  let gateway: Gateway;
  let owner: Person;

  before(async () => {
    const legacy = httpVendor('legacy-http', (await startEverythingVendor(scope, 'legacy')).url);
    const modern = { slug: 'modern-stdio', name: 'modern', transport: { type: 'stdio' as const, ...everythingVendor(scope, 'modern', 'stdio') } };
    gateway = await Gateway.start(scope, { vendors: [legacy, modern] });
    owner = await gateway.owner();
  });
  after(() => scope.end());

  for (const kind of kinds) {
    for (const vendor of vendors) {
      test(`${kind}, ${vendor}`, async (t) => {
        const own = Scope.of(t);
        const peer = await Peer.connect(kind, { url: gateway.mcpUrl, bearer: await bearerFor(owner), sse: true });
        own.atEnd(() => peer.close());
        await seeEverything(t, peer, unifiedNames(vendor), () => (failed = true));
      });
    }
  }
});

test('mcp-remote over HTTP+SSE signs in, and goes on after a restart of the gateway', { timeout: 120_000 }, async (t) => {
  const scope = Scope.of(t);
  const gateway = await Gateway.start(scope, { config: { mcp: { retry: '1s' } } });
  const owner = await gateway.owner();
  const browser = new Browser(scope, owner);
  const options = { stateDirectory: scope.directory('state'), browser, args: ['--transport', 'sse-only'] };
  const remote = await Remote.start(scope, gateway.vendorUrl('demo-docs'), options);
  const search = () => remote.call('search_articles', { query: 'guest wireless' }, 10_000);
  assert.match(textOf(await search()), /kb-130/);
  await gateway.restart();
  await within(30_000, 'a call after the restart', (async () => {
    while (true) {
      const told = await search().then(textOf, (error: Error) => error.message);
      if (told.includes('kb-130')) return;
    }
  })());
  assert.equal(browser.openings, 1, browser.log);
});

test('a message for a connection that is gone, of another endpoint or of another person is told so', async (t) => {
  const scope = Scope.of(t);
  const gateway = await Gateway.start(scope);
  const owner = await gateway.owner();
  const bearer = await bearerFor(owner);
  const opening = new AbortController();
  scope.atEnd(async () => opening.abort());
  const stream = await fetch(`${gateway.mcpUrl}?tools=search`, {
    headers: { accept: 'text/event-stream', authorization: `Bearer ${bearer}` },
    signal: opening.signal,
  });
  const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
  let opened = '';
  while (!opened.includes('endpoint')) opened += (await reader.read()).value ?? '';
  const endpoint = /event: endpoint\ndata: (.*)\n/.exec(opened)?.[1] ?? '';
  assert.match(endpoint, /^\/v1\/mcp\?tools=search&sessionId=/);

  const post = async (path: string, token: string, body: string) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const answer = await fetch(gateway.url + path, { method: 'POST', headers, body });
    return { status: answer.status, text: await answer.text() };
  };
  const ping = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });
  assert.deepEqual(await post(endpoint, bearer, ping), { status: 202, text: '' });
  for (const wrong of ['/v1/mcp?sessionId=x', endpoint.replace(/.$/, '_')]) {
    const told = await post(wrong, bearer, ping);
    assert.equal(told.status, 404);
    assert.match(told.text, /connection is closed/);
  }
  const docs = await bearerFor(owner, gateway.vendorUrl('demo-docs'));
  assert.equal((await post(endpoint.replace('/v1/mcp', '/v1/demo-docs/mcp'), docs, ping)).status, 404);
  assert.equal((await post(endpoint, bearer, '{')).status, 400);
  assert.equal((await post(endpoint, bearer, `[${ping}]`)).status, 400);
});
