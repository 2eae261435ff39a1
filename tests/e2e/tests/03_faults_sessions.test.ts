// What breaks under a running mcp-remote and must heal without its restart: restarts of the gateway, cut streams.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Browser } from '../harness/browser.ts';
import { FaultProxy, type Seen } from '../harness/fault_proxy.ts';
import { Gateway } from '../harness/gateway.ts';
import { Remote, textOf, type RemoteOptions } from '../harness/remote.ts';
import { Scope } from '../harness/scope.ts';
import { everythingOverStdio } from '../harness/vendors.ts';
import { untilTrue } from '../harness/wait.ts';

const search = { query: 'guest wireless' };
const vendors = [everythingOverStdio('every')];

async function connected(scope: Scope, version: RemoteOptions['version'] = 'newest') {
  const proxy = await FaultProxy.start(scope);
  const gateway = await Gateway.start(scope, { vendors, config: { public_url: proxy.url } });
  proxy.target = gateway.listenUrl;
  const owner = await gateway.owner();
  const browser = new Browser(scope, owner);
  const stateDirectory = scope.directory('state');
  const remote = await Remote.start(scope, gateway.mcpUrl, { stateDirectory, browser, version });
  return { proxy, gateway, owner, browser, remote };
}

const isServerStream = (request: Seen) => request.method === 'GET' && request.path.startsWith('/v1/');
const isCall = (request: Seen) => request.method === 'POST' && request.body.includes('"tools/call"');

test('after a restart of the gateway, five calls at once on the old session all succeed', async (t) => {
  const { gateway, remote, browser } = await connected(Scope.of(t));
  await remote.call('demo-docs__search_articles', search);
  await gateway.restart();
  const answers = await Promise.all([1, 2, 3, 4, 5].map(() => remote.call('demo-docs__search_articles', search)));
  for (const answer of answers) assert.match(textOf(answer), /kb-130/);
  assert.equal(browser.openings, 1);
});

test('after an outage of three seconds, notifications reach the client again', { timeout: 120_000 }, async (t) => {
  const { proxy, gateway, owner, remote } = await connected(Scope.of(t));
  await untilTrue(() => proxy.openRequests(isServerStream) >= 1);
  await gateway.restart({ downFor: 3_000 });
  await remote.call('demo-docs__search_articles', search);
  await owner.saveCredential('demo-tickets', { api_key: 'demo-key-1234567890' });
  await remote.notified('notifications/tools/list_changed', 1, 60_000);
});

test('a cut server stream is opened again and delivers what happened meanwhile', { timeout: 120_000 }, async (t) => {
  const { proxy, owner, remote } = await connected(Scope.of(t));
  await untilTrue(() => proxy.openRequests(isServerStream) >= 1);
  const before = proxy.seen.filter(isServerStream).length;
  assert.ok(proxy.cut(isServerStream) >= 1);
  await owner.saveCredential('demo-tickets', { api_key: 'demo-key-1234567890' });
  await remote.notified('notifications/tools/list_changed', 1, 60_000);
  assert.ok(proxy.seen.filter(isServerStream).length > before);
});

test('a call whose stream is cut after its first event still gets its answer', { timeout: 120_000 }, async (t) => {
  const { proxy, remote } = await connected(Scope.of(t));
  let cuts = 0;
  proxy.fault = (request) => (isCall(request) && ++cuts === 1 ? { kind: 'cut after', pattern: /notifications\/progress/ } : undefined);
  const result = await remote.client.callTool(
    { name: 'every__trigger-long-running-operation', arguments: { duration: 3, steps: 3 } },
    undefined,
    { onprogress: () => undefined, timeout: 60_000, resetTimeoutOnProgress: true },
  );
  assert.match(textOf(result as never), /completed/i);
  assert.equal(cuts, 1, 'the call was sent once');
});

test('a reset connection fails one call at most', async (t) => {
  const { proxy, remote } = await connected(Scope.of(t));
  let resets = 0;
  proxy.fault = (request) => (isCall(request) && ++resets === 1 ? { kind: 'reset' } : undefined);
  await remote.call('demo-docs__search_articles', search).catch(() => undefined);
  assert.match(textOf(await remote.call('demo-docs__search_articles', search)), /kb-130/);
});

test('mcp-remote 0.1.38 does not hang after a restart of the gateway', async (t) => {
  const { gateway, remote } = await connected(Scope.of(t), 'installed base');
  await remote.call('demo-docs__search_articles', search);
  await gateway.restart();
  assert.match(textOf(await remote.call('demo-docs__search_articles', search, 10_000)), /kb-130/);
});
