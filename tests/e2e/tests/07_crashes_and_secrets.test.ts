// kill -9 at any moment loses nothing that was acknowledged; nothing that was typed in can be found afterwards.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { startBadVendor } from '../fixtures/bad_vendor.ts';
import { Gateway } from '../harness/gateway.ts';
import { failureOf, McpHttp } from '../harness/mcp_http.ts';
import { Person } from '../harness/person.ts';
import { Scope } from '../harness/scope.ts';
import { bearerFor, OAuthClient, pkce } from '../harness/token.ts';
import { keyedHttpVendor } from '../harness/vendors.ts';
import { pause } from '../harness/wait.ts';

test('killed at any moment of a save, it starts again with the last acknowledged credential', { timeout: 300_000 }, async (t) => {
  const scope = Scope.of(t);
  const vendor = await startBadVendor(scope);
  const gateway = await Gateway.start(scope, { vendors: [keyedHttpVendor('keyed', vendor.url)] });
  const owner = await gateway.owner();
  const bearer = await bearerFor(owner);
  const sent: string[] = ['key-number-0000'];
  let acknowledged = 0;
  await owner.saveCredential('keyed', { api_key: sent[0] ?? '' });

  for (let round = 0; round < 8; ++round) {
    const saving = (async () => {
      for (;;) {
        const next = `key-number-${String(sent.length).padStart(4, '0')}`;
        sent.push(next);
        const page = await owner.saveCredential('keyed', { api_key: next });
        if (page.status < 400) acknowledged = sent.length - 1;
      }
    })().catch(() => undefined);
    await pause(50 + Math.random() * 700);
    await gateway.kill9();
    await saving;
    await gateway.startAgain();

    vendor.headers.length = 0;
    const client = await McpHttp.open(gateway.mcpUrl, bearer);
    const answer = await client.call('keyed__work');
    assert.equal(failureOf(answer), undefined, answer.text);
    const used = sent.indexOf(String(vendor.headers.at(-1)?.['x-api-key']));
    assert.ok(used >= acknowledged, `round ${round}: ${used} in use, ${acknowledged} acknowledged`);
  }
});

test('sessions and tokens survive kill -9', async (t) => {
  const scope = Scope.of(t);
  const gateway = await Gateway.start(scope);
  const owner = await gateway.owner();
  const oauth = await OAuthClient.register(gateway.url);
  const tokens = await oauth.tokens(owner);
  const client = await McpHttp.open(gateway.mcpUrl, tokens.accessToken);
  await gateway.kill9();
  await gateway.startAgain();
  assert.ok((await client.toolNames()).includes('demo-docs__search_articles'), 'the old session goes on');
  assert.equal((await oauth.refresh(tokens.refreshToken)).status, 200);
  assert.equal((await owner.open('/settings')).status, 200);
});

test('no secret that was typed in or issued stands in database, logs, metrics, pages or errors', async (t) => {
  const scope = Scope.of(t);
  const vendor = await startBadVendor(scope);
  const gateway = await Gateway.start(scope, { vendors: [keyedHttpVendor('keyed', vendor.url, { timeouts: { call: '2s' } })] });
  const owner = await gateway.owner();
  const secrets: Record<string, string> = {
    'the password': owner.account.password,
    'the working key': `sk-${randomBytes(24).toString('hex')}`,
    'the rejected key': `sk-${randomBytes(24).toString('hex')}`,
    'a wrong password': `wrong-${randomBytes(12).toString('hex')}`,
  };
  const seen: string[] = [];
  const oauth = await OAuthClient.register(gateway.url);
  const { code, verifier } = await oauth.code(owner);
  const answer = await oauth.redeem(code, verifier);
  secrets['the code'] = code;
  secrets['the verifier'] = verifier;
  secrets['the access token'] = answer.json['access_token'];
  secrets['the refresh token'] = answer.json['refresh_token'];
  for (const [name, value] of owner.cookies) if (value.length >= 16) secrets[`the cookie ${name}`] = value;

  seen.push((await owner.saveCredential('keyed', { api_key: secrets['the working key'] ?? '' })).html);
  const client = await McpHttp.open(gateway.mcpUrl, secrets['the access token'] ?? '');
  for (const behaviour of ['well', '401', '500', 'invalid json', 'resets'] as const) {
    vendor.behaviour = behaviour;
    seen.push((await client.call('keyed__work')).text);
  }
  vendor.behaviour = '401';
  seen.push((await owner.saveCredential('keyed', { api_key: secrets['the rejected key'] ?? '' })).html);
  seen.push((await owner.open('/settings')).html, (await owner.open('/settings/connections/keyed')).html);
  seen.push(await wrongSignIn(owner, secrets['a wrong password'] ?? ''));
  seen.push((await oauth.redeem(code, pkce().verifier)).text);
  seen.push(await (await fetch(`${gateway.url}/health/vendors`)).text());
  const metrics = await (await fetch(gateway.metricsUrl)).text();
  assert.match(metrics, /^mcpgw_requests_total\{method="tools\/call",outcome="ok",route="keyed"\} 1$/m);
  assert.match(metrics, /^mcpgw_outgoing_connections\{state="idle"\} /m);
  seen.push(metrics);
  await gateway.kill9(); // so that the write-ahead log is still there to be searched

  const places = new Map<string, Buffer>([['log', Buffer.from(gateway.log)], ['answers', Buffer.from(seen.join('\n'))]]);
  for (const file of filesBelow(gateway.dataDirectory)) places.set(file, readFileSync(file));
  assert.ok([...places.keys()].some((name) => name.endsWith('gateway.db')), [...places.keys()].join(' '));
  for (const [what, secret] of Object.entries(secrets)) {
    for (const [where, bytes] of places) {
      for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64').replace(/=+$/, ''), Buffer.from(secret).toString('hex')]) {
        assert.ok(!bytes.includes(form), `${what} stands in ${where}: ${around(bytes, form)}`);
      }
    }
  }
});

test('the master key is readable by its owner only', async (t) => {
  const gateway = await Gateway.start(Scope.of(t));
  assert.equal(statSync(join(gateway.dataDirectory, 'master.key')).mode & 0o777, 0o600);
  assert.equal(statSync(join(gateway.dataDirectory, 'gateway.db')).mode & 0o077, 0);
});

async function wrongSignIn(owner: Person, password: string): Promise<string> {
  const visitor = new Person(owner.origin, { login: owner.account.login, password });
  return visitor.signIn().then((page) => page.html, (error: Error) => error.message);
}

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function around(bytes: Buffer, form: string): string {
  const at = bytes.indexOf(form);
  return bytes.subarray(Math.max(0, at - 120), at + 40).toString('latin1');
}
