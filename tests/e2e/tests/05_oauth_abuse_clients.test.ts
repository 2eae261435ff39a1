// What strangers try when they register clients, and with documents that describe clients.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';

import { Gateway } from '../harness/gateway.ts';
import { Scope } from '../harness/scope.ts';
import { OAuthClient, pkce } from '../harness/token.ts';

const { challenge } = pkce();

test('a client metadata document on a private address is not even asked for', async (t) => {
  const scope = Scope.of(t);
  let asked = 0;
  const host = createServer((_, response) => {
    ++asked;
    response.end('{}');
  });
  await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve));
  scope.atEnd(() => new Promise((resolve) => host.close(resolve)));
  const port = (host.address() as AddressInfo).port;
  const gateway = await Gateway.start(scope);
  const owner = await gateway.owner();
  const hosts = ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '0.0.0.0', '2130706433', '10.0.0.1', '169.254.169.254', '192.168.0.1'];
  for (const name of hosts) {
    for (const scheme of ['https', 'http']) {
      const clientId = `${scheme}://${name}:${port}/client.json`;
      const client = new OAuthClient(gateway.url, { clientId, redirectUri: `${scheme}://${name}:${port}/callback` });
      const page = await owner.open(client.authorizeUrl(challenge));
      assert.equal(new URL(page.url).origin, gateway.url, clientId);
      assert.ok(page.status >= 400 && page.status < 500, `${clientId}: ${page.status}`);
      assert.doesNotMatch(page.html, /value="approve"/, clientId);
    }
  }
  assert.equal(asked, 0);
});

test('a registration with a dangerous redirect address is refused', async (t) => {
  const gateway = await Gateway.start(Scope.of(t));
  const addresses = [
    'javascript:alert(1)',
    'data:text/html,hello',
    'http://evil.example/callback',
    'https://client.example/callback#fragment',
    'https://user:secret@client.example/callback',
    'no address',
    '',
  ];
  for (const address of addresses) {
    const answer = await OAuthClient.tryRegister(gateway.url, { redirect_uris: [address] });
    assert.equal(answer.status, 400, `${address}: ${answer.text}`);
    assert.match(answer.json['error'], /^invalid_(redirect_uri|client_metadata)$/, answer.text);
  }
});

test('oversized registrations are refused with JSON', async (t) => {
  const gateway = await Gateway.start(Scope.of(t));
  const many = Array.from({ length: 1_000 }, (_, index) => `https://client.example/${index}`);
  const bodies = [{ client_name: 'n'.repeat(100_000) }, { redirect_uris: many }, { client_name: 'x'.repeat(20 << 20) }];
  for (const body of bodies) {
    const answer = await OAuthClient.tryRegister(gateway.url, body);
    assert.ok([400, 413].includes(answer.status), `${answer.status} ${answer.text}`);
    assert.match(answer.headers.get('content-type') ?? '', /^application\/json/);
    assert.ok(answer.json['error'], answer.text);
  }
});

test('an oversized authorization request is refused without a redirect', async (t) => {
  const gateway = await Gateway.start(Scope.of(t));
  const client = await OAuthClient.register(gateway.url);
  const response = await fetch(client.authorizeUrl(challenge, { state: 's'.repeat(200_000) }), { redirect: 'manual' });
  assert.ok([400, 414, 431].includes(response.status), String(response.status));
});

test('what a client calls itself is shown as text on the consent page, with the host it goes to', async (t) => {
  const gateway = await Gateway.start(Scope.of(t));
  const owner = await gateway.owner();
  const name = '<script>alert("x")</script><img src=x onerror=alert(1)>';
  const client = await OAuthClient.register(gateway.url, { client_name: name, redirect_uris: ['https://client.example/callback'] });
  const page = await owner.open(client.authorizeUrl(challenge));
  assert.doesNotMatch(page.html, /<script>alert|<img src=x/);
  assert.match(page.html, /&lt;script&gt;/);
  assert.match(page.html, /client\.example/);
});
