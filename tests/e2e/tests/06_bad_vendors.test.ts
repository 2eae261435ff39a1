// Vendors that misbehave: the caller gets an error that names the vendor, soon, and nobody else notices.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { behaviours, startBadVendor, type BadVendor } from '../fixtures/bad_vendor.ts';
import { Gateway } from '../harness/gateway.ts';
import { failureOf, McpHttp } from '../harness/mcp_http.ts';
import { stateOn } from '../harness/person.ts';
import { Scope } from '../harness/scope.ts';
import { bearerFor } from '../harness/token.ts';
import { httpVendor, keyedHttpVendor } from '../harness/vendors.ts';
import { untilTrue, within } from '../harness/wait.ts';

const search = { query: 'guest wireless' };
const timeouts = { call: '2s', list: '1s' };
const mebibyte = 1 << 20;

// The sanitizer keeps what was freed, to find its later use: that is not the gateway's memory.
const fewKept = { ASAN_OPTIONS: [process.env['ASAN_OPTIONS'], 'quarantine_size_mb=16'].filter(Boolean).join(':') };

async function prepared(scope: Scope) {
  const vendor = await startBadVendor(scope);
  const definition = httpVendor('sour', vendor.url, { timeouts, health: { check: 'none' } });
  const gateway = await Gateway.start(scope, { vendors: [definition], env: fewKept });
  const owner = await gateway.owner();
  const unified = await McpHttp.open(gateway.mcpUrl, await bearerFor(owner));
  const single = await McpHttp.open(gateway.vendorUrl('sour'), await bearerFor(owner, gateway.vendorUrl('sour')));
  return { vendor, gateway, owner, unified, single };
}

async function misbehave(vendor: BadVendor, how: (typeof behaviours)[number]): Promise<void> {
  vendor.behaviour = how;
  if (how === 'refuses') await vendor.close();
}

for (const how of behaviours.filter((each) => each !== 'well')) {
  test(`a vendor that does this: ${how}: gives a named error in bounded time and memory, and others answer as before`, async (t) => {
    const scope = Scope.of(t);
    const { vendor, gateway, unified, single } = await prepared(scope);
    assert.equal(failureOf(await single.call('work')), undefined);
    gateway.process.resetPeak();
    const memoryBefore = gateway.process.residentBytes();
    await misbehave(vendor, how);

    const calls = [single.call('work'), unified.call('sour__work'), unified.call('demo-docs__search_articles', search)] as const;
    const [alone, merged, other] = await within(15_000, 'the calls', Promise.all(calls));
    for (const answer of [alone, merged]) {
      assert.equal(answer.status, 200, answer.text.slice(0, 500));
      assert.match(answer.type, /^(application\/json|text\/event-stream)$/);
      assert.match(failureOf(answer) ?? 'no error', /sour/i);
      assert.doesNotMatch(answer.text, /<html|<!DOCTYPE/i);
    }
    assert.match(other.text, /kb-130/);
    const grown = gateway.process.peakResidentBytes() - memoryBefore;
    assert.ok(grown < 100 * mebibyte, `the gateway grew by ${Math.round(grown / mebibyte)} MiB`);

    const listed = await within(15_000, 'the list', unified.toolNames());
    assert.ok(listed.includes('demo-docs__search_articles'), listed.join(' '));
  });
}

test('initialize, lists and OAuth work while every vendor hangs', async (t) => {
  const scope = Scope.of(t);
  const vendor = await startBadVendor(scope);
  vendor.behaviour = 'hangs';
  const slugs = ['hang-1', 'hang-2', 'hang-3'];
  const vendors = slugs.map((slug) => httpVendor(slug, vendor.url, { timeouts }));
  const gateway = await Gateway.start(scope, { vendors });
  const owner = await gateway.owner();
  const client = await within(10_000, 'the sign-in', bearerFor(owner).then((bearer) => McpHttp.open(gateway.mcpUrl, bearer)));
  const names = await within(6_000, 'the list', client.toolNames());
  assert.ok(names.includes('demo-docs__search_articles'));
  assert.ok(!names.some((name) => name.startsWith('hang-')));
});

test('a 401 from the vendor marks the connection rejected, in the words of the vendor', async (t) => {
  const scope = Scope.of(t);
  const vendor = await startBadVendor(scope);
  const gateway = await Gateway.start(scope, { vendors: [keyedHttpVendor('sour', vendor.url, { timeouts })] });
  const owner = await gateway.owner();
  const saved = await owner.saveCredential('sour', { api_key: 'sk-typed-by-the-owner' });
  assert.equal(stateOn(saved), 'working');
  const client = await McpHttp.open(gateway.mcpUrl, await bearerFor(owner));
  await untilTrue(async () => (await client.toolNames()).includes('sour__work'));

  vendor.behaviour = '401';
  const answer = await client.call('sour__work');
  assert.equal(answer.status, 200, 'never the gateway\'s own 401');
  assert.match(failureOf(answer) ?? '', /sour/i);
  await untilTrue(async () => !(await client.toolNames()).includes('sour__work'));
  const page = await owner.open('/settings/connections/sour');
  assert.equal(stateOn(page), 'rejected');
  assert.match(page.html, /revoked on Monday/);
  assert.doesNotMatch(page.html, /sk-typed-by-the-owner/);
});

test('a vendor that comes back is listed again by itself', { timeout: 60_000 }, async (t) => {
  const scope = Scope.of(t);
  const vendor = await startBadVendor(scope);
  vendor.behaviour = '500';
  const gateway = await Gateway.start(scope, {
    vendors: [httpVendor('sour', vendor.url, { timeouts })],
    config: { health: { interval: '500ms' } },
  });
  const client = await McpHttp.open(gateway.mcpUrl, await bearerFor(await gateway.owner()));
  const statusOf = async () => {
    const health = await (await fetch(`${gateway.url}/health/vendors`)).text();
    return /"(?:sour)".*?"status":\s*"(\w+)"|"status":\s*"(\w+)"[^}]*"sour"/.exec(health)?.slice(1).find(Boolean);
  };
  await untilTrue(async () => (await statusOf()) === 'down', 30_000);
  assert.ok(!(await client.toolNames()).includes('sour__work'));
  const call = await within(2_000, 'a call to a vendor that is down', client.call('sour__work'));
  assert.match(failureOf(call) ?? '', /sour/i);

  vendor.behaviour = 'well';
  await untilTrue(async () => (await client.toolNames()).includes('sour__work'), 30_000);
  assert.equal(failureOf(await client.call('sour__work')), undefined);
});
