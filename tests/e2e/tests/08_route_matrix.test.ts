// Every route × everything wrong: the right status, a JSON body in the shape of its surface, the right content type.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';

import { startBadVendor } from '../fixtures/bad_vendor.ts';
import { Gateway } from '../harness/gateway.ts';
import { McpHttp } from '../harness/mcp_http.ts';
import { Scope } from '../harness/scope.ts';
import { bearerFor } from '../harness/token.ts';
import { httpVendor } from '../harness/vendors.ts';
import { pause } from '../harness/wait.ts';

interface Route {
  path: string;
  methods: string[];
  shape: Shape;
  body?: 'json' | 'form';
}

type Shape = 'oauth' | 'mcp' | 'problem' | 'plain json';

const wellKnown = ['oauth-protected-resource', 'oauth-authorization-server', 'openid-configuration'].flatMap((name) => [
  `/.well-known/${name}`,
  `/.well-known/${name}/v1/mcp`,
  `/.well-known/${name}/v1/demo-docs/mcp`,
]);

const routes: Route[] = [
  ...wellKnown.map((path) => ({ path, methods: ['GET'], shape: 'oauth' as const })),
  { path: '/.well-known/jwks.json', methods: ['GET'], shape: 'oauth' },
  { path: '/oauth/register', methods: ['POST'], shape: 'oauth', body: 'json' },
  { path: '/oauth/token', methods: ['POST'], shape: 'oauth', body: 'form' },
  { path: '/oauth/revoke', methods: ['POST'], shape: 'oauth', body: 'form' },
  { path: '/register', methods: ['POST'], shape: 'oauth', body: 'json' },
  { path: '/token', methods: ['POST'], shape: 'oauth', body: 'form' },
  { path: '/v1/mcp', methods: ['GET', 'POST', 'DELETE'], shape: 'mcp', body: 'json' },
  { path: '/v1/demo-docs/mcp', methods: ['GET', 'POST', 'DELETE'], shape: 'mcp', body: 'json' },
  { path: '/health', methods: ['GET'], shape: 'plain json' },
  { path: '/health/vendors', methods: ['GET'], shape: 'plain json' },
];

const everyMethod = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

// Throws unless the answer is JSON of its surface's shape.
async function jsonError(response: Response, shape: Shape, what: string): Promise<Record<string, any>> {
  const text = await response.text();
  const type = response.headers.get('content-type') ?? '';
  const expected = shape === 'problem' ? /^application\/problem\+json/ : /^application\/(problem\+)?json/;
  assert.match(type, expected, `${what}: ${response.status} ${text.slice(0, 300)}`);
  const body = JSON.parse(text) as Record<string, any>;
  if (shape === 'oauth') assert.equal(typeof body['error'], 'string', `${what}: ${text}`);
  if (shape === 'mcp') {
    assert.equal(body['jsonrpc'], '2.0', `${what}: ${text}`);
    assert.equal(typeof body['error']?.code, 'number', `${what}: ${text}`);
  }
  return body;
}

test('a wrong method is 405 with Allow and a JSON body, on every route', async (t) => {
  const scope = Scope.of(t);
  const gateway = await Gateway.start(scope);
  const bearer = await bearerFor(await gateway.owner());
  for (const { path, methods, shape } of routes) {
    for (const method of everyMethod.filter((each) => !methods.includes(each) && each !== 'OPTIONS')) {
      const what = `${method} ${path}`;
      const response = await fetch(gateway.url + path, { method, headers: { authorization: `Bearer ${bearer}` } });
      if (path === '/v1/demo-docs/mcp') continue; // a token for another endpoint: 401, tested elsewhere
      assert.equal(response.status, 405, what);
      for (const allowed of methods) assert.ok(response.headers.get('allow')?.includes(allowed), `${what}: Allow`);
      await jsonError(response, shape, what);
    }
  }
});

test('an unknown path is 404 with a JSON body wherever JSON is expected', async (t) => {
  const gateway = await Gateway.start(Scope.of(t));
  const paths: [string, Shape][] = [
    ['/.well-known/no-such-document', 'plain json'],
    ['/.well-known/oauth-protected-resource/v1/no-such-vendor/mcp', 'plain json'],
    ['/oauth/no-such-endpoint', 'oauth'],
    ['/oauth', 'oauth'],
    ['/health/no-such-thing', 'plain json'],
    ['/v1', 'plain json'],
    ['/v1/mcp/further', 'plain json'],
    ['/api/v1/no-such-thing', 'problem'],
    ['/no-such-page.json', 'plain json'],
  ];
  for (const [path, shape] of paths) {
    for (const method of ['GET', 'POST']) {
      const response = await fetch(gateway.url + path, { method, headers: { accept: 'application/json' } });
      assert.equal(response.status, 404, `${method} ${path}`);
      await jsonError(response, shape, `${method} ${path}`);
    }
  }
});

test('an unknown vendor is 404 with a JSON-RPC error, for a caller who may know it', async (t) => {
  const gateway = await Gateway.start(Scope.of(t));
  const owner = await gateway.owner();
  const headers = { authorization: `Bearer ${await bearerFor(owner)}`, 'content-type': 'application/json' };
  const body = '{"jsonrpc":"2.0","id":1,"method":"ping"}';
  const response = await fetch(`${gateway.url}/v1/no-such-vendor/mcp`, { method: 'POST', headers, body });
  assert.ok([401, 404].includes(response.status), String(response.status));
  await jsonError(response, 'plain json', 'unknown vendor');
});

test('an oversized body is 413 with a JSON body, on every route that reads one', async (t) => {
  const gateway = await Gateway.start(Scope.of(t), { config: { limits: { body: '64KiB' } } });
  const bearer = await bearerFor(await gateway.owner());
  for (const { path, shape, body } of routes.filter((route) => route.body && route.path !== '/v1/demo-docs/mcp')) {
    const type = body === 'form' ? 'application/x-www-form-urlencoded' : 'application/json';
    const headers = { 'content-type': type, authorization: `Bearer ${bearer}` };
    const response = await fetch(gateway.url + path, { method: 'POST', headers, body: `a=${'x'.repeat(200_000)}` });
    assert.equal(response.status, 413, path);
    await jsonError(response, shape, path);
  }
});

test('a body that is not JSON is answered in the shape of its surface', async (t) => {
  const gateway = await Gateway.start(Scope.of(t));
  const bearer = await bearerFor(await gateway.owner());
  const bad = ['', '{', '{"jsonrpc":"2.0",', 'null', '42', '"text"', '[]', '[1]', '\ufeff{}', '{"a":1}{"b":2}', '{"id":1,"id":2,"jsonrpc":"2.0","method":"ping"}', '['.repeat(5_000)];
  for (const body of bad) {
    const registered = await fetch(`${gateway.url}/oauth/register`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    assert.equal(registered.status, 400, body.slice(0, 40));
    await jsonError(registered, 'oauth', body.slice(0, 40));
    const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream', authorization: `Bearer ${bearer}` };
    const called = await fetch(gateway.mcpUrl, { method: 'POST', headers, body });
    assert.ok([200, 400].includes(called.status), `${called.status} ${body.slice(0, 40)}`);
    await jsonError(called, 'mcp', body.slice(0, 40));
  }
});

test('without a token every method on an MCP path is 401 with a quoted resource_metadata, before anything else', async (t) => {
  const gateway = await Gateway.start(Scope.of(t));
  for (const [path, suffix] of [['/v1/mcp', '/v1/mcp'], ['/v1/demo-docs/mcp', '/v1/demo-docs/mcp']] as const) {
    for (const method of ['GET', 'POST', 'DELETE', 'PUT']) {
      const response = await fetch(gateway.url + path, { method, headers: { 'mcp-session-id': 'whatever' } });
      assert.equal(response.status, 401, `${method} ${path}`);
      const challenge = response.headers.get('www-authenticate') ?? '';
      const metadata = /^Bearer\b.*resource_metadata="([^"]+)"/.exec(challenge)?.[1];
      assert.equal(metadata, `${gateway.url}/.well-known/oauth-protected-resource${suffix}`, challenge);
      const document = await (await fetch(metadata ?? '')).json() as Record<string, any>;
      assert.equal(document['resource'], gateway.url + path);
      assert.deepEqual(document['authorization_servers'], [gateway.url]);
      assert.match(response.headers.get('content-type') ?? '', /^application\/json/);
    }
  }
});

test('an Origin of another site is refused on the MCP endpoints', async (t) => {
  const gateway = await Gateway.start(Scope.of(t));
  const bearer = await bearerFor(await gateway.owner());
  const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json', origin: 'https://evil.example' };
  const response = await fetch(gateway.mcpUrl, { method: 'POST', headers, body: '{"jsonrpc":"2.0","id":1,"method":"ping"}' });
  assert.equal(response.status, 403);
  await jsonError(response, 'mcp', 'foreign origin');
});

test('heads that parsers disagree about are refused with JSON, and the connection is closed', async (t) => {
  const gateway = await Gateway.start(Scope.of(t));
  const host = new URL(gateway.url).host;
  const heads = {
    'two lengths': `POST /oauth/token HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\na=b`,
    'length and chunks': `POST /oauth/token HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    'a space before the colon': `GET /health HTTP/1.1\r\nHost : ${host}\r\n\r\n`,
    'no host': 'GET /health HTTP/1.1\r\n\r\n',
    'a huge head': `GET /health HTTP/1.1\r\nHost: ${host}\r\nX-Long: ${'x'.repeat(100_000)}\r\n\r\n`,
  };
  for (const [what, head] of Object.entries(heads)) {
    const answer = await rawExchange(gateway, head);
    assert.match(answer, /^HTTP\/1\.1 4\d\d /, `${what}: ${answer.slice(0, 200)}`);
    assert.match(answer, /content-type: application\/(problem\+)?json/i, what);
    assert.doesNotMatch(answer, /<html/i, what);
  }
});

test('while it drains, health says so, new requests get JSON, and calls under way are answered', async (t) => {
  const scope = Scope.of(t);
  const vendor = await startBadVendor(scope);
  const definition = httpVendor('slow', vendor.url, { timeouts: { call: '3s' }, health: { check: 'none' } });
  const gateway = await Gateway.start(scope, { vendors: [definition] });
  const bearer = await bearerFor(await gateway.owner());
  const client = await McpHttp.open(gateway.mcpUrl, bearer);
  const keptAlive = await KeptAlive.open(gateway);
  vendor.behaviour = 'hangs';
  const underWay = client.call('slow__work');
  await pause(300);

  gateway.process.child.kill('SIGTERM');
  await pause(300);
  const health = await keptAlive.get('/health');
  if (health) {
    assert.match(health, /^HTTP\/1\.1 503 /);
    assert.match(health, /"status":\s*"draining"/);
  }
  const answer = await underWay;
  assert.equal(answer.status, 200, answer.text);
  assert.ok(answer.message['error'] ?? answer.message['result']?.isError, answer.text);
  assert.equal((await gateway.process.exited).code, 0);
});

function rawExchange(gateway: Gateway, bytes: string): Promise<string> {
  const { hostname, port } = new URL(gateway.listenUrl);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let answer = '';
    socket.setTimeout(10_000, () => socket.destroy(new Error(`no end; so far: ${answer.slice(0, 300)}`)));
    socket.on('data', (data) => (answer += data.toString('latin1')));
    socket.on('end', () => resolve(answer));
    socket.on('error', (error) => (answer ? resolve(answer) : reject(error)));
  });
}

// A connection that was there before the drain, as a load balancer keeps one.
class KeptAlive {
  private answer = '';
  private readonly socket: ReturnType<typeof connect>;
  private readonly host: string;

  private constructor(socket: ReturnType<typeof connect>, host: string) {
    this.socket = socket;
    this.host = host;
    socket.on('data', (data) => (this.answer += data.toString('latin1')));
    socket.on('error', () => undefined);
  }

  static async open(gateway: Gateway): Promise<KeptAlive> {
    const { hostname, port, host } = new URL(gateway.listenUrl);
    const socket = connect(Number(port), hostname);
    await new Promise((resolve) => socket.once('connect', resolve));
    const kept = new KeptAlive(socket, host);
    const first = await kept.get('/health');
    assert.match(first ?? '', /^HTTP\/1\.1 200 /);
    return kept;
  }

  // Undefined when the server had closed the connection.
  async get(path: string): Promise<string | undefined> {
    this.answer = '';
    if (this.socket.destroyed || !this.socket.writable) return undefined;
    this.socket.write(`GET ${path} HTTP/1.1\r\nHost: ${this.host}\r\n\r\n`);
    for (let waited = 0; waited < 5_000 && !/\r\n\r\n[\s\S]+/.test(this.answer); waited += 50) {
      if (this.socket.destroyed) break;
      await pause(50);
    }
    return this.answer || undefined;
  }
}
