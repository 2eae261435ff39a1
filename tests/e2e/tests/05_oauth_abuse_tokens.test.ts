// What strangers try with codes and tokens.
import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { test } from 'node:test';

import { startBadVendor } from '../fixtures/bad_vendor.ts';
import { Gateway } from '../harness/gateway.ts';
import { McpHttp } from '../harness/mcp_http.ts';
import { Scope } from '../harness/scope.ts';
import { SigningKey } from '../harness/signing_key.ts';
import { bearerFor, OAuthClient, pkce, postForm, tokensOf, type Answer } from '../harness/token.ts';
import { keyedHttpVendor } from '../harness/vendors.ts';
import { untilTrue } from '../harness/wait.ts';

async function prepared(scope: Scope, config: Record<string, unknown> = {}) {
  const gateway = await Gateway.start(scope, { config });
  return { gateway, owner: await gateway.owner(), client: await OAuthClient.register(gateway.url) };
}

function isRefused(answer: Answer, error: string, status = 400): void {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.json['error'], error, answer.text);
  assert.match(answer.headers.get('content-type') ?? '', /^application\/json/);
  assert.match(answer.headers.get('cache-control') ?? '', /no-store/);
}

const statusWith = async (url: string, bearer: string) =>
  (await new McpHttp(url, bearer).request('ping')).status;

test('a wrong verifier redeems nothing, and the code is spent', async (t) => {
  const { owner, client } = await prepared(Scope.of(t));
  const { code, verifier } = await client.code(owner);
  isRefused(await client.redeem(code, pkce().verifier), 'invalid_grant');
  isRefused(await client.redeem(code, verifier), 'invalid_grant');
});

test('a code used twice is refused, and what it had given is revoked', async (t) => {
  const { owner, client } = await prepared(Scope.of(t));
  const { code, verifier } = await client.code(owner);
  const first = tokensOf(await client.redeem(code, verifier));
  isRefused(await client.redeem(code, verifier), 'invalid_grant');
  isRefused(await client.refresh(first.refreshToken), 'invalid_grant');
});

test('a code is bound to its client', async (t) => {
  const { gateway, owner, client } = await prepared(Scope.of(t));
  const thief = await OAuthClient.register(gateway.url);
  const { code, verifier } = await client.code(owner);
  isRefused(await thief.redeem(code, verifier), 'invalid_grant');
});

test('a code is bound to its redirect address, port included', async (t) => {
  const { owner, client } = await prepared(Scope.of(t));
  const { code, verifier } = await client.code(owner);
  isRefused(await client.redeem(code, verifier, { redirect_uri: 'http://127.0.0.1:10/callback' }), 'invalid_grant');
});

test('a code is refused once its time is over', async (t) => {
  const { owner, client } = await prepared(Scope.of(t), { oauth: { code_lifetime: '1s' } });
  const { code, verifier } = await client.code(owner);
  const over = Date.now() + 1_000; // it was issued before
  await untilTrue(() => Date.now() > over);
  isRefused(await client.redeem(code, verifier), 'invalid_grant');
});

test('within the grace a refresh token gives the same successor again', async (t) => {
  const { owner, client } = await prepared(Scope.of(t));
  const { refreshToken } = await client.tokens(owner);
  const answers = await Promise.all([1, 2, 3].map(() => client.refresh(refreshToken)));
  assert.deepEqual(answers.map((answer) => answer.status), [200, 200, 200]);
  assert.equal(new Set(answers.map((answer) => tokensOf(answer).refreshToken)).size, 1);
});

test('a replaced refresh token revokes the family once the grace is over', async (t) => {
  const { owner, client } = await prepared(Scope.of(t), { oauth: { refresh_grace: '1s' } });
  const first = await client.tokens(owner);
  const second = tokensOf(await client.refresh(first.refreshToken));
  await untilTrue(async () => (await client.refresh(first.refreshToken)).status === 400);
  isRefused(await client.refresh(second.refreshToken), 'invalid_grant');
});

test('a refresh token is bound to its client', async (t) => {
  const { gateway, owner, client } = await prepared(Scope.of(t));
  const { refreshToken } = await client.tokens(owner);
  const thief = await OAuthClient.register(gateway.url);
  isRefused(await thief.refresh(refreshToken), 'invalid_grant');
  assert.equal((await client.refresh(refreshToken)).status, 200, 'the thief has destroyed nothing');
});

test('a token for one endpoint is refused at another', async (t) => {
  const { gateway, owner } = await prepared(Scope.of(t));
  const bearer = await bearerFor(owner, gateway.vendorUrl('demo-docs'));
  assert.equal(await statusWith(gateway.vendorUrl('demo-docs'), bearer), 200);
  assert.equal(await statusWith(gateway.mcpUrl, bearer), 401);
  assert.equal(await statusWith(gateway.vendorUrl('demo-tickets'), bearer), 401);
});

test('a token for a foreign resource is not issued', async (t) => {
  const { owner, client } = await prepared(Scope.of(t));
  const { challenge } = pkce();
  const back = await owner.approve(client.authorizeUrl(challenge, { resource: 'https://evil.example/v1/mcp' }));
  assert.equal(new URL(back).searchParams.get('error'), 'invalid_target');
});

test('forged tokens are refused: no algorithm, another key, a changed claim, a key as HMAC secret', async (t) => {
  const { gateway, owner } = await prepared(Scope.of(t));
  const bearer = await bearerFor(owner);
  assert.equal(await statusWith(gateway.mcpUrl, bearer), 200);
  const [head = '', claims = '', signature = ''] = bearer.split('.');
  const decoded = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signed = (text: string) =>
    sign('sha256', Buffer.from(text), { key: stranger.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  const jwks = await (await fetch(`${gateway.url}/.well-known/jwks.json`)).json() as { keys: object[] };
  const hmacHead = encoded({ ...decoded(head), alg: 'HS256' });
  const hmac = createHmac('sha256', JSON.stringify(jwks.keys[0])).update(`${hmacHead}.${claims}`).digest('base64url');
  const ownKey = encoded({ ...decoded(head), jwk: stranger.publicKey.export({ format: 'jwk' }) });
  const forgeries = {
    'alg none': `${encoded({ ...decoded(head), alg: 'none' })}.${claims}.`,
    'alg None': `${encoded({ ...decoded(head), alg: 'None' })}.${claims}.${signature}`,
    'no signature': `${head}.${claims}.`,
    'another key': `${head}.${claims}.${signed(`${head}.${claims}`)}`,
    'a key in the head': `${ownKey}.${claims}.${signed(`${ownKey}.${claims}`)}`,
    'a changed claim': `${head}.${encoded({ ...decoded(claims), sub: 'somebody-else' })}.${signature}`,
    'a later end': `${head}.${encoded({ ...decoded(claims), exp: decoded(claims).exp + 86_400 })}.${signature}`,
    'the public key as secret': `${hmacHead}.${claims}.${hmac}`,
    'an unknown key id': `${encoded({ ...decoded(head), kid: '../../dev/null' })}.${claims}.${signature}`,
    'not a token': 'a.b.c',
    'a refresh token': 'r'.repeat(43),
  };
  for (const [what, forgery] of Object.entries(forgeries)) assert.equal(await statusWith(gateway.mcpUrl, forgery), 401, what);
});

test('an access token is accepted a minute late, and refused after that', async (t) => {
  const { gateway, owner, client } = await prepared(Scope.of(t));
  const { accessToken, refreshToken } = await client.tokens(owner);
  const key = new SigningKey(gateway.dataDirectory);
  const ended = (secondsAgo: number) => {
    const now = Math.floor(Date.now() / 1_000);
    return key.changed(accessToken, { iat: now - 900 - secondsAgo, exp: now - secondsAgo });
  };
  assert.equal(await statusWith(gateway.mcpUrl, ended(-600)), 200, 'the key is the right one');
  assert.equal(await statusWith(gateway.mcpUrl, ended(30)), 200);

  const late = await fetch(gateway.mcpUrl, { method: 'POST', headers: { authorization: `Bearer ${ended(61)}` }, body: '{}' });
  assert.equal(late.status, 401);
  assert.match(late.headers.get('www-authenticate') ?? '', /^Bearer .*error="invalid_token"/);
  assert.match(await late.text(), /expired/);
  const introspected = await postForm(`${gateway.url}/oauth/introspect`, { token: ended(61), client_id: client.registration.clientId });
  assert.notEqual(introspected.json['active'], true, introspected.text);
  assert.equal((await client.refresh(refreshToken)).status, 200, 'a refresh heals it');
});

test('a token in the address instead of the header is no token', async (t) => {
  const { gateway, owner } = await prepared(Scope.of(t));
  const bearer = await bearerFor(owner);
  const response = await fetch(`${gateway.mcpUrl}?access_token=${bearer}`, { method: 'POST', body: '{}' });
  assert.equal(response.status, 401);
  assert.match(response.headers.get('www-authenticate') ?? '', /^Bearer .*resource_metadata="http/);
});

test('revoking a refresh token ends its access tokens too', async (t) => {
  const { gateway, owner, client } = await prepared(Scope.of(t));
  const { accessToken, refreshToken } = await client.tokens(owner);
  assert.equal(await statusWith(gateway.mcpUrl, accessToken), 200);
  const fields = { token: refreshToken, client_id: client.registration.clientId };
  assert.equal((await postForm(`${gateway.url}/oauth/revoke`, fields)).status, 200);
  isRefused(await client.refresh(refreshToken), 'invalid_grant');
  assert.equal(await statusWith(gateway.mcpUrl, accessToken), 401);
});

test("a client's own headers never reach the vendor as credentials", async (t) => {
  const scope = Scope.of(t);
  const vendor = await startBadVendor(scope);
  const gateway = await Gateway.start(scope, { vendors: [keyedHttpVendor('keyed', vendor.url)] });
  const owner = await gateway.owner();
  await owner.saveCredential('keyed', { api_key: 'the-key-that-was-saved' });
  const client = await McpHttp.open(gateway.vendorUrl('keyed'), await bearerFor(owner, gateway.vendorUrl('keyed')));
  const before = vendor.headers.length;
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'work', arguments: {} } });
  const smuggled = { 'x-api-key': 'smuggled', cookie: 'a=b', 'x-gateway-s2s': 'smuggled' };
  assert.equal((await fetch(client.url, { method: 'POST', headers: client.headers(smuggled), body })).status, 200);
  const after = vendor.headers.slice(before);
  assert.ok(after.length > 0);
  for (const headers of after) {
    assert.equal(headers['x-api-key'], 'the-key-that-was-saved');
    assert.equal(headers['authorization'], undefined);
    assert.equal(headers['cookie'], undefined);
    assert.equal(headers['x-gateway-s2s'], undefined);
  }
});
