// What strangers try at the authorization endpoint. A request that cannot be trusted never leads to a redirect.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Gateway } from '../harness/gateway.ts';
import { readForms } from '../harness/html_form.ts';
import type { Page, Person } from '../harness/person.ts';
import { Scope } from '../harness/scope.ts';
import { loopbackCallback, OAuthClient, pkce } from '../harness/token.ts';

const { challenge } = pkce();

async function prepared(scope: Scope, registration: Record<string, unknown> = {}) {
  const gateway = await Gateway.start(scope);
  return { gateway, owner: await gateway.owner(), client: await OAuthClient.register(gateway.url, registration) };
}

const errorOf = (page: Page) => new URL(page.headers.get('location') ?? 'none:').searchParams.get('error');

// Told to the person or the program here, and sent to nobody else.
async function isRefusedInPlace(person: Person, url: string, why: string): Promise<void> {
  const first = await person.request(url);
  const location = first.headers.get('location');
  if (location) assert.equal(new URL(location, url).origin, person.origin, why);
  const page = await person.open(url);
  assert.equal(new URL(page.url).origin, person.origin, why);
  assert.equal(page.status, 400, `${why}: ${page.status} ${page.url}`);
  const json = await person.request(url, { headers: { accept: 'application/json' } });
  assert.ok(json.status === 400 || json.status === 401, `${why}: ${json.status}`);
  assert.equal(typeof JSON.parse(json.html).error, 'string', why);
}

test('an authorization request without PKCE goes back with invalid_request', async (t) => {
  const { owner, client } = await prepared(Scope.of(t));
  const page = await owner.request(client.authorizeUrl('', { code_challenge: undefined, code_challenge_method: undefined }));
  assert.equal(errorOf(page), 'invalid_request');
});

test('plain PKCE, asked for or implied, goes back with invalid_request', async (t) => {
  const { owner, client } = await prepared(Scope.of(t));
  for (const method of ['plain', undefined]) {
    const page = await owner.request(client.authorizeUrl(challenge, { code_challenge_method: method }));
    assert.equal(errorOf(page), 'invalid_request', String(method));
  }
});

test('the error answer carries state and issuer', async (t) => {
  const { gateway, owner, client } = await prepared(Scope.of(t));
  const page = await owner.request(client.authorizeUrl(challenge, { response_type: 'token' }));
  const back = new URL(page.headers.get('location') ?? '');
  assert.equal(back.searchParams.get('error'), 'unsupported_response_type');
  assert.equal(back.searchParams.get('state'), 'state-of-the-test');
  assert.equal(back.searchParams.get('iss'), gateway.url);
});

test('a redirect address that differs by one character is refused without a redirect', async (t) => {
  const registered = 'https://client.example/callback';
  const { owner, client } = await prepared(Scope.of(t), { redirect_uris: [registered] });
  const changed = [
    'https://client.example/callbacK',
    'https://client.example/callback/',
    'https://client.example/callback?x=1',
    'https://client.example/callback#x',
    'https://client.example:8443/callback',
    'https://client.example./callback',
    'http://client.example/callback',
    'https://client.example/%63allback',
    'https://client.example/a/../callback',
    'https://client.example@evil.example/callback',
    'https://evil.example/callback',
    '//evil.example/callback',
    'javascript:alert(1)',
    '',
  ];
  for (const uri of changed) await isRefusedInPlace(owner, client.authorizeUrl(challenge, { redirect_uri: uri }), uri);
});

test('a loopback redirect address may change its port and nothing else', async (t) => {
  const { owner, client } = await prepared(Scope.of(t));
  const { callback } = await client.code(owner, { redirect_uri: 'http://127.0.0.1:40123/callback' });
  assert.equal(callback.port, '40123');
  for (const uri of ['http://127.0.0.1:9/other', 'http://localhost:9/callback', 'http://127.0.0.2:9/callback']) {
    await isRefusedInPlace(owner, client.authorizeUrl(challenge, { redirect_uri: uri }), uri);
  }
});

test('an unknown client is refused without a redirect, as JSON where JSON is asked for', async (t) => {
  const { owner, client } = await prepared(Scope.of(t));
  const url = client.authorizeUrl(challenge, { client_id: 'nobody-knows-me' });
  await isRefusedInPlace(owner, url, 'unknown client');
  const page = await owner.request(url, { headers: { accept: 'application/json' } });
  assert.equal(JSON.parse(page.html).error, 'invalid_client');
});

test('a repeated parameter is refused', async (t) => {
  const { owner, client } = await prepared(Scope.of(t));
  const evil = encodeURIComponent('https://evil.example/');
  await isRefusedInPlace(owner, `${client.authorizeUrl(challenge)}&redirect_uri=${evil}`, 'two redirect addresses');
});

test('consent cannot be given by another site: without its form token nothing is approved', async (t) => {
  const { owner, client } = await prepared(Scope.of(t));
  let page = await owner.open(client.authorizeUrl(challenge));
  const form = readForms(page.html).find((f) => f.buttons.some((b) => b.name === 'decision'));
  assert.ok(form, page.html);
  const target = new URL(form.action || page.url, page.url).href;
  const send = (fields: Map<string, string>, origin: string) =>
    owner.request(target, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin },
      body: new URLSearchParams([...fields, ['decision', 'approve']]).toString(),
    });
  const forged = new Map([...form.fields].map(([name, value]) => [name, /csrf/.test(name) ? 'A'.repeat(43) : value]));
  const missing = new Map([...form.fields].filter(([name]) => !/csrf/.test(name)));
  for (const [fields, origin] of [[forged, owner.origin], [missing, owner.origin], [form.fields, 'https://evil.example']] as const) {
    page = await send(fields, origin);
    assert.equal(page.status, 403, page.html);
    assert.doesNotMatch(page.html + page.headers.get('location'), /[?&]code=/);
  }
});

test('consent cannot be given in the name of another signed-in person', async (t) => {
  const { owner, client } = await prepared(Scope.of(t));
  const page = await owner.open(client.authorizeUrl(challenge));
  const form = readForms(page.html).find((f) => f.buttons.some((b) => b.name === 'decision'));
  assert.ok(form);
  const answer = await owner.stranger().submit(page, form, new Map([...form.fields, ['decision', 'approve']]));
  assert.doesNotMatch(answer.html + answer.url, /[?&]code=/);
});

test('a denied consent goes back with access_denied', async (t) => {
  const { owner, client } = await prepared(Scope.of(t));
  const back = new URL(await owner.approve(client.authorizeUrl(challenge), 'deny'));
  assert.equal(back.searchParams.get('error'), 'access_denied');
  assert.equal(`${back.origin}${back.pathname}`, loopbackCallback);
});

test('sign-in never leads to another site', async (t) => {
  const scope = Scope.of(t);
  const { gateway, owner } = await prepared(scope);
  const targets = ['https://evil.example/', '//evil.example/', '/\\evil.example/', '/%5Cevil.example', 'javascript:alert(1)', '/\t/evil.example'];
  for (const target of targets) {
    const visitor = owner.stranger();
    const page = await visitor.open(`/auth/login?return_to=${encodeURIComponent(target)}`);
    const form = readForms(page.html).find((f) => f.fields.has('password'));
    assert.ok(form, page.html);
    const fields = new Map([...form.fields, ['login', owner.account.login], ['password', owner.account.password]]);
    const answer = await visitor.request(new URL(form.action || page.url, page.url).href, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: gateway.url },
      body: new URLSearchParams([...fields]).toString(),
    });
    const location = answer.headers.get('location') ?? '/';
    assert.equal(new URL(location, gateway.url).origin, gateway.url, `${target} -> ${location}`);
  }
});
