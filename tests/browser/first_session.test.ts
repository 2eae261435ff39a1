// The first session in a real browser, up to tools in a client that was configured by copy and paste.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { surf } from '../e2e/harness/chromium.ts';
import { freePort } from '../e2e/harness/free_port.ts';
import { Gateway } from '../e2e/harness/gateway.ts';
import { NotedBrowser } from '../e2e/harness/noted_browser.ts';
import { Remote, textOf } from '../e2e/harness/remote.ts';
import { Scope } from '../e2e/harness/scope.ts';
import { OAuthClient, pkce } from '../e2e/harness/token.ts';
import { becomeOwner, saveDemoKey } from './visitor.ts';

test('owner link, key, copied configuration, consent: the client has the tools of both demo vendors', async (t) => {
  const scope = Scope.of(t);
  const gateway = await Gateway.start(scope);
  const { page, violations } = await surf(scope);

  await becomeOwner(page, gateway);
  assert.equal(await saveDemoKey(page, gateway), 'working');

  await page.locator('a[href="/settings/connect"]').first().click();
  const desktop = page.locator('section', { has: page.getByRole('heading', { name: /Claude Desktop/ }) });
  await desktop.getByRole('button', { name: /^Copy/ }).click();
  await desktop.getByRole('button', { name: /^Copied/ }).waitFor();
  const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText())) as Configuration;

  const browser = new NotedBrowser(scope);
  const [url = '', ...args] = argumentsOfMcpRemote(copied);
  assert.equal(url, gateway.mcpUrl);
  const remote = new Remote(scope, url, { stateDirectory: scope.directory('state'), browser, args });
  const connecting = remote.client.connect(remote.transport, { timeout: 90_000 });
  await page.goto(await browser.address());
  await page.getByRole('button', { name: 'Approve' }).click();
  await connecting;

  const names = (await remote.toolNames()).map((name) => name.split('__')[0]);
  assert.ok(names.includes('demo-docs') && names.includes('demo-tickets'), names.join(' '));
  assert.match(textOf(await remote.call('demo-tickets__list_tickets')), /VPN connects/);
  assert.deepEqual(violations, []);
});

test('a wrong key is explained in the words of the vendor, and is not shown again', async (t) => {
  const scope = Scope.of(t);
  const gateway = await Gateway.start(scope);
  const { page, violations } = await surf(scope);
  await becomeOwner(page, gateway);
  assert.equal(await saveDemoKey(page, gateway, 'surely-not-the-key'), 'rejected');
  assert.ok((await page.locator('#vendor-words').innerText()).length > 0);
  assert.doesNotMatch(await page.content(), /surely-not-the-key/);
  assert.deepEqual(violations, []);
});

test('consent for a client that has stopped waiting explains itself instead of "connection refused"', async (t) => {
  const scope = Scope.of(t);
  const gateway = await Gateway.start(scope);
  const { page } = await surf(scope);
  await becomeOwner(page, gateway);
  const client = await OAuthClient.register(gateway.url, { client_name: 'Gone Away' });
  const redirect_uri = `http://127.0.0.1:${await freePort()}/callback`;
  await page.goto(client.authorizeUrl(pkce().challenge, { redirect_uri }));
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.getByRole('heading', { name: /stopped waiting/ }).waitFor();
  assert.match(await page.locator('#stopped').innerText(), /start the connection again/i);
});

test('the whole way works without scripts', async (t) => {
  const scope = Scope.of(t);
  const gateway = await Gateway.start(scope);
  const { page } = await surf(scope, { javaScript: false });
  await becomeOwner(page, gateway);
  assert.equal(await saveDemoKey(page, gateway), 'working');
  await page.goto(`${gateway.url}/settings/connect`);
  assert.match(await page.locator('#snippet-url').innerText(), /\/v1\/mcp$/);
});

interface Configuration {
  mcpServers: Record<string, { command: string; args: string[] }>;
}

// What stands behind "mcp-remote" in the copied configuration; its version is pinned by the tests instead.
function argumentsOfMcpRemote(configuration: Configuration): string[] {
  const [server] = Object.values(configuration.mcpServers);
  assert.ok(server);
  assert.equal(server.command, 'npx');
  const at = server.args.findIndex((arg) => /^mcp-remote(@|$)/.test(arg));
  assert.ok(at >= 0, server.args.join(' '));
  return server.args.slice(at + 1);
}
