// Trouble with tokens under a running mcp-remote: expiry, races between processes, revocation, vendors that refuse.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';

import { startBadVendor } from '../fixtures/bad_vendor.ts';
import { Browser } from '../harness/browser.ts';
import { FaultProxy, type Fault, type Seen } from '../harness/fault_proxy.ts';
import { Gateway } from '../harness/gateway.ts';
import { Remote, textOf } from '../harness/remote.ts';
import { Scope } from '../harness/scope.ts';
import { restartWithout } from '../harness/stopped_database.ts';
import { postForm } from '../harness/token.ts';
import { keyedHttpVendor } from '../harness/vendors.ts';
import { untilTrue } from '../harness/wait.ts';

const search = { query: 'guest wireless' };

async function gatewayBehindProxy(scope: Scope) {
  const proxy = await FaultProxy.start(scope);
  const gateway = await Gateway.start(scope, { config: { public_url: proxy.url } });
  proxy.target = gateway.listenUrl;
  const browser = new Browser(scope, await gateway.owner());
  return { proxy, gateway, browser, stateDirectory: scope.directory('state') };
}

// Until so many streams of clients are open. One that is still opening gets a 401 of its own beside the call's, and
// mcp-remote asks for a sign-in when it ends two refreshes within a millisecond: both rename the same temporary file.
async function streamsAreOpen(gateway: Gateway, count: number): Promise<void> {
  const metrics = new RegExp(`^mcpgw_streams ${count}$`, 'm');
  await untilTrue(async () => metrics.test(await (await fetch(gateway.metricsUrl)).text()));
}

// From now on the tokens used so far are answered as expired ones are.
function expireTokens(proxy: FaultProxy): void {
  const bearers = new Set(proxy.seen.map((request) => request.headers.authorization).filter(Boolean));
  proxy.fault = (request: Seen): Fault | undefined => {
    if (!request.path.startsWith('/v1/') || !bearers.has(request.headers.authorization)) return undefined;
    const challenge = `Bearer error="invalid_token", resource_metadata="${proxy.url}/.well-known/oauth-protected-resource/v1/mcp"`;
    const headers = { 'www-authenticate': challenge };
    return { kind: 'answer', status: 401, type: 'application/json', body: '{"error":"invalid_token"}', headers };
  };
}

const clients = {
  'mcp-remote, newest': { version: 'newest', args: [], streams: 2 },
  'mcp-remote, installed base': { version: 'installed base', args: [], streams: 2 },
  'mcp-remote in the newest era': { version: 'newest', args: ['--protocol', 'auto'], streams: 1 },
} as const;

for (const [client, { version, args, streams }] of Object.entries(clients)) {
  test(`an expired token is refreshed and the call succeeds, without a browser (${client})`, async (t) => {
    const scope = Scope.of(t);
    const { proxy, gateway, browser, stateDirectory } = await gatewayBehindProxy(scope);
    const remote = await Remote.start(scope, gateway.mcpUrl, { stateDirectory, browser, version, args: [...args] });
    await remote.call('demo-docs__search_articles', search);
    await streamsAreOpen(gateway, streams);
    expireTokens(proxy);
    assert.match(textOf(await remote.call('demo-docs__search_articles', search, 10_000)), /kb-130/);
    assert.equal(browser.openings, 1, browser.log);
  });
}

test('when the signing keys are gone, a refresh makes every token good again, without a browser', async (t) => {
  const scope = Scope.of(t);
  const { gateway, browser, stateDirectory } = await gatewayBehindProxy(scope);
  const remote = await Remote.start(scope, gateway.mcpUrl, { stateDirectory, browser });
  await remote.call('demo-docs__search_articles', search);
  await restartWithout(gateway, 'oauth_signing_keys');
  assert.match(textOf(await remote.call('demo-docs__search_articles', search)), /kb-130/);
  assert.equal(browser.openings, 1, browser.log);
});

test('while the database is locked a refresh fails without a browser, and the next call heals it', { timeout: 60_000 }, async (t) => {
  const scope = Scope.of(t);
  const { proxy, gateway, browser, stateDirectory } = await gatewayBehindProxy(scope);
  const remote = await Remote.start(scope, gateway.mcpUrl, { stateDirectory, browser });
  await remote.call('demo-docs__search_articles', search);
  const database = new DatabaseSync(join(gateway.dataDirectory, 'gateway.db'));
  scope.atEnd(() => database.close());
  await streamsAreOpen(gateway, 2);
  database.exec('BEGIN IMMEDIATE');
  expireTokens(proxy);
  const told = await remote.call('demo-docs__search_articles', search).then(textOf, (error: Error) => error.message);
  assert.doesNotMatch(told, /kb-130|timed out$/);
  assert.equal((await fetch(`${gateway.url}/.well-known/oauth-authorization-server`)).status, 200);

  database.exec('ROLLBACK');
  assert.match(textOf(await remote.call('demo-docs__search_articles', search)), /kb-130/);
  assert.equal(browser.openings, 1, browser.log);
});

test('a client that the gateway no longer knows registers anew and needs one sign-in', async (t) => {
  const scope = Scope.of(t);
  const { proxy, gateway, browser, stateDirectory } = await gatewayBehindProxy(scope);
  const remote = await Remote.start(scope, gateway.mcpUrl, { stateDirectory, browser });
  await remote.call('demo-docs__search_articles', search);
  const known = stored(stateDirectory).clientId;
  await restartWithout(gateway, 'oauth_clients');
  expireTokens(proxy);
  assert.match(textOf(await remote.call('demo-docs__search_articles', search, 60_000)), /kb-130/);
  assert.equal(browser.openings, 2, browser.log);
  assert.notEqual(stored(stateDirectory).clientId, known);
});

test('three processes that refresh the same token at once all go on, without a browser', async (t) => {
  const scope = Scope.of(t);
  const { proxy, gateway, browser, stateDirectory } = await gatewayBehindProxy(scope);
  const start = () => Remote.start(scope, gateway.mcpUrl, { stateDirectory, browser });
  const remotes = [await start(), await start(), await start()];
  await streamsAreOpen(gateway, 6);
  expireTokens(proxy);
  const answers = await Promise.all(remotes.map((remote) => remote.call('demo-docs__search_articles', search)));
  for (const answer of answers) assert.match(textOf(answer), /kb-130/);
  assert.equal(browser.openings, 1, browser.log);
});

test('after everything was revoked, one new sign-in makes the same call succeed', async (t) => {
  const scope = Scope.of(t);
  const { gateway, browser, stateDirectory } = await gatewayBehindProxy(scope);
  const remote = await Remote.start(scope, gateway.mcpUrl, { stateDirectory, browser });
  const { tokens, clientId } = stored(stateDirectory);
  await streamsAreOpen(gateway, 2);
  const revoked = await postForm(`${gateway.url}/oauth/revoke`, { token: tokens.refresh_token, client_id: clientId });
  assert.equal(revoked.status, 200, revoked.text);

  assert.match(textOf(await remote.call('demo-docs__search_articles', search, 60_000)), /kb-130/);
  assert.equal(browser.openings, 2, browser.log);
});

for (const version of ['newest', 'installed base'] as const) {
  test(`mcp-remote (${version}) gets an error, and does not hang, when a vendor answers 401 Unauthorized`, async (t) => {
    const scope = Scope.of(t);
    const vendor = await startBadVendor(scope);
    const gateway = await Gateway.start(scope, { vendors: [keyedHttpVendor('sour', vendor.url)] });
    const owner = await gateway.owner();
    await owner.saveCredential('sour', { api_key: 'a-key-that-works-for-now' });
    const browser = new Browser(scope, owner);
    const remote = await Remote.start(scope, gateway.vendorUrl('sour'), { stateDirectory: scope.directory('state'), browser, version });
    vendor.behaviour = '401';
    const told = await remote.call('work', {}, 10_000).then(textOf, (error: Error) => error.message);
    assert.doesNotMatch(told, /timed out/i);
    assert.match(told, /sour/);
    assert.equal(browser.openings, 1, browser.log);
  });
}

function stored(stateDirectory: string): { tokens: { refresh_token: string }; clientId: string } {
  const [folder = ''] = readdirSync(stateDirectory).filter((name) => name.startsWith('mcp-remote'));
  const directory = join(stateDirectory, folder);
  const read = (ending: string) => {
    const name = readdirSync(directory).find((file) => file.endsWith(ending));
    return JSON.parse(readFileSync(join(directory, name ?? ending), 'utf8'));
  };
  return { tokens: read('_tokens.json'), clientId: read('_client_info.json').client_id };
}
