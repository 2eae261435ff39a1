// What breaks under a running mcp-remote and must heal without its restart: restarts of the gateway, cut streams.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Browser } from '../harness/browser.ts';
import { FaultProxy, type Seen } from '../harness/fault_proxy.ts';
import { Gateway } from '../harness/gateway.ts';
import { Remote, textOf, type RemoteOptions } from '../harness/remote.ts';
import { Scope } from '../harness/scope.ts';
import { restartWithout } from '../harness/stopped_database.ts';
import { everythingOverStdio } from '../harness/vendors.ts';
import { untilTrue } from '../harness/wait.ts';

const search = { query: 'guest wireless' };
const vendors = [everythingOverStdio('every')];

interface Options {
  version?: RemoteOptions['version'];
  args?: string[]; // of mcp-remote
  mcp?: Record<string, unknown>; // of the gateway's configuration
}

async function connected(scope: Scope, { version = 'newest', args = [], mcp = {} }: Options = {}) {
  const proxy = await FaultProxy.start(scope);
  const gateway = await Gateway.start(scope, { vendors, config: { public_url: proxy.url, mcp } });
  proxy.target = gateway.listenUrl;
  const owner = await gateway.owner();
  const browser = new Browser(scope, owner);
  const stateDirectory = scope.directory('state');
  const remote = await Remote.start(scope, gateway.mcpUrl, { stateDirectory, browser, version, args });
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

test('a server stream that is refused once more after the cut is opened at the second try', { timeout: 120_000 }, async (t) => {
  const { proxy, owner, remote } = await connected(Scope.of(t), { mcp: { retry: '1s' } });
  await untilTrue(() => proxy.openRequests(isServerStream) === 2);
  let refused = 0;
  proxy.fault = (request) =>
    isServerStream(request) && ++refused <= 2 ? { kind: 'answer', status: 502, type: 'text/html', body: '<html>' } : undefined;
  proxy.cut(isServerStream);
  await untilTrue(() => proxy.openRequests(isServerStream) === 2);
  await owner.saveCredential('demo-tickets', { api_key: 'demo-key-1234567890' });
  await remote.notified('notifications/tools/list_changed', 1, 60_000);
});

test('a session that was ended on purpose is opened again by the next call', async (t) => {
  const { proxy, gateway, remote, browser } = await connected(Scope.of(t));
  await remote.call('demo-docs__search_articles', search);
  const sessions = new Map(proxy.seen.map(({ headers }) => [headers['mcp-session-id'], headers.authorization]));
  for (const [id, authorization] of sessions) {
    if (id === undefined) continue;
    const headers = { 'mcp-session-id': String(id), authorization: String(authorization) };
    assert.equal((await fetch(gateway.listenUrl + '/v1/mcp', { method: 'DELETE', headers })).status, 204);
  }
  assert.match(textOf(await remote.call('demo-docs__search_articles', search)), /kb-130/);
  assert.equal(browser.openings, 1, browser.log);
});

for (const version of ['newest', 'installed base'] as const) {
  test(`a session that the gateway no longer knows goes on, also for five calls at once (${version})`, async (t) => {
    const { gateway, remote, browser } = await connected(Scope.of(t), { version });
    await remote.call('demo-docs__search_articles', search);
    await restartWithout(gateway, 'sessions');
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => remote.call('demo-docs__search_articles', search, 10_000)));
    for (const answer of answers) assert.match(textOf(answer), /kb-130/);
    assert.equal(browser.openings, 1, browser.log);
  });

  test(`a call that is under way when the gateway stops ends, and does not hang (${version})`, { timeout: 120_000 }, async (t) => {
    const { proxy, gateway, remote } = await connected(Scope.of(t), { version });
    const call = remote
      .call('every__trigger-long-running-operation', { duration: 60, steps: 60 }, 40_000)
      .then(textOf, (error: Error) => error.message);
    await untilTrue(() => proxy.openRequests(isCall) === 1);
    await gateway.restart();
    assert.match(await call, /The gateway is being restarted/);
    assert.match(textOf(await remote.call('demo-docs__search_articles', search, 10_000)), /kb-130/);
  });

  test(`a call that is under way when the gateway is killed ends, and does not hang (${version})`, { timeout: 120_000 }, async (t) => {
    const { proxy, gateway, remote } = await connected(Scope.of(t), { version });
    let streaming = false;
    const call = remote.client
      .callTool({ name: 'every__trigger-long-running-operation', arguments: { duration: 60, steps: 60 } }, undefined, {
        onprogress: () => (streaming = true),
        timeout: 40_000,
      })
      .then((result) => textOf(result as never), (error: Error) => error.message);
    await untilTrue(() => streaming && proxy.openRequests(isCall) === 1);
    await gateway.kill9();
    await gateway.startAgain();
    assert.match(await call, /The answer is lost/);
    assert.match(textOf(await remote.call('demo-docs__search_articles', search, 10_000)), /kb-130/);
  });
}

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
  const { gateway, remote } = await connected(Scope.of(t), { version: 'installed base' });
  await remote.call('demo-docs__search_articles', search);
  await gateway.restart();
  assert.match(textOf(await remote.call('demo-docs__search_articles', search, 10_000)), /kb-130/);
});

test('in the newest era too, notifications reach the client after a restart of the gateway', { timeout: 120_000 }, async (t) => {
  const { proxy, gateway, owner, remote } = await connected(Scope.of(t), { args: ['--protocol', 'auto'] });
  const isListening = (request: Seen) => request.method === 'POST' && request.body.includes('"subscriptions/listen"');
  await untilTrue(() => proxy.openRequests(isListening) >= 1);
  await gateway.restart();
  await untilTrue(() => proxy.openRequests(isListening) >= 1);
  await owner.saveCredential('demo-tickets', { api_key: 'demo-key-1234567890' });
  await remote.notified('notifications/tools/list_changed', 1, 60_000);
});
