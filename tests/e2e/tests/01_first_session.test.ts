// A new user's first session: owner link, password, one API key, and mcp-remote, the bridge that desktop clients start.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Browser } from '../harness/browser.ts';
import { startEverything } from '../harness/everything.ts';
import { Gateway } from '../harness/gateway.ts';
import { stateOn } from '../harness/person.ts';
import { Remote, textOf } from '../harness/remote.ts';
import { Scope } from '../harness/scope.ts';
import { everythingOverStdio, httpVendor } from '../harness/vendors.ts';

const demoKey = 'demo-key-1234567890';

test('one sign-in gives mcp-remote the tools of both demo vendors', async (t) => {
  const scope = Scope.of(t);
  const gateway = await Gateway.start(scope);
  const owner = await gateway.owner();
  const saved = await owner.saveCredential('demo-tickets', { api_key: demoKey });
  assert.equal(stateOn(saved), 'working');

  const browser = new Browser(scope, owner);
  const remote = await Remote.start(scope, gateway.mcpUrl, { stateDirectory: scope.directory('state'), browser });
  const names = await remote.toolNames();
  assert.ok(names.includes('demo-docs__search_articles'), names.join(' '));
  assert.ok(names.includes('demo-tickets__list_tickets'), names.join(' '));

  const found = await remote.call('demo-docs__search_articles', { query: 'guest wireless' });
  assert.match(textOf(found), /kb-130/);
  const tickets = await remote.call('demo-tickets__list_tickets');
  assert.match(textOf(tickets), /VPN connects/);
  assert.equal(browser.openings, 1);
});

test('a demo vendor that the configuration switches off is not offered, the other one is', async (t) => {
  const scope = Scope.of(t);
  const gateway = await Gateway.start(scope, { config: { vendor_overrides: { 'demo-docs': { enabled: false } } } });
  const owner = await gateway.owner();
  await owner.saveCredential('demo-tickets', { api_key: demoKey });
  const browser = new Browser(scope, owner);
  const remote = await Remote.start(scope, gateway.mcpUrl, { stateDirectory: scope.directory('state'), browser });
  const names = await remote.toolNames();
  assert.ok(names.some((name) => name.startsWith('demo-tickets__')), names.join());
  assert.ok(!names.some((name) => name.startsWith('demo-docs__')), names.join());
});

test('a vendor whose key is missing is not listed, and appears in the open session once the key is saved', async (t) => {
  const scope = Scope.of(t);
  const gateway = await Gateway.start(scope);
  const owner = await gateway.owner();
  const browser = new Browser(scope, owner);
  const remote = await Remote.start(scope, gateway.mcpUrl, { stateDirectory: scope.directory('state'), browser });
  const before = await remote.toolNames();
  assert.ok(!before.some((name) => name.startsWith('demo-tickets__')), before.join(' '));

  await owner.saveCredential('demo-tickets', { api_key: demoKey });
  await remote.notified('notifications/tools/list_changed');
  const after = await remote.toolNames();
  assert.ok(after.includes('demo-tickets__list_tickets'), after.join(' '));
});

test('a wrong key is called rejected, and its vendor stays out of the list', async (t) => {
  const scope = Scope.of(t);
  const gateway = await Gateway.start(scope);
  const owner = await gateway.owner();
  const saved = await owner.saveCredential('demo-tickets', { api_key: 'not-the-key-of-the-demo' });
  assert.equal(stateOn(saved), 'rejected');
  assert.doesNotMatch(saved.html, /not-the-key-of-the-demo/, 'a secret is never shown again');
});

test('server-everything works through mcp-remote, over HTTP and as a supervised command', async (t) => {
  const scope = Scope.of(t);
  const everything = await startEverything(scope);
  const vendors = [httpVendor('every-http', everything.url), everythingOverStdio('every-stdio')];
  const gateway = await Gateway.start(scope, { vendors });
  const browser = new Browser(scope, await gateway.owner());
  const stateDirectory = scope.directory('state');

  const unified = await Remote.start(scope, gateway.mcpUrl, { stateDirectory, browser });
  for (const slug of ['every-http', 'every-stdio']) {
    const echo = await unified.call(`${slug}__echo`, { message: `hello ${slug}` });
    assert.match(textOf(echo), new RegExp(`hello ${slug}`));
    const alone = await Remote.start(scope, gateway.vendorUrl(slug), { stateDirectory, browser });
    assert.ok((await alone.toolNames()).includes('get-sum'));
    assert.match(textOf(await alone.call('get-sum', { a: 17, b: 25 })), /42/);
  }
});

test('progress of a long call reaches the desktop client while the call runs', async (t) => {
  const scope = Scope.of(t);
  const gateway = await Gateway.start(scope, { vendors: [everythingOverStdio('every-stdio')] });
  const browser = new Browser(scope, await gateway.owner());
  const remote = await Remote.start(scope, gateway.mcpUrl, { stateDirectory: scope.directory('state'), browser });
  const seen: number[] = [];
  const enough = new AbortController();
  const call = remote.client.callTool(
    { name: 'every-stdio__trigger-long-running-operation', arguments: { duration: 60, steps: 240 } },
    undefined,
    {
      onprogress: ({ progress }) => {
        seen.push(progress);
        if (progress === 3) enough.abort('seen enough');
      },
      signal: enough.signal,
      timeout: 50_000,
    },
  );
  await assert.rejects(call, /seen enough/);
  assert.deepEqual(seen, [1, 2, 3]);
});
