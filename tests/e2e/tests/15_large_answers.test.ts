// Answers that are too large to be held: they go through the gateway as they come.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';

import { startBadVendor, type BadVendor } from '../fixtures/bad_vendor.ts';
import { Gateway } from '../harness/gateway.ts';
import { failureOf, McpHttp } from '../harness/mcp_http.ts';
import { Scope } from '../harness/scope.ts';
import { bearerFor } from '../harness/token.ts';
import { httpVendor } from '../harness/vendors.ts';

const mebibyte = 1 << 20;
// What JSON escapes, characters of several bytes, and no period that fits into a buffer.
const text = '"Größe"\t\\ 中文 😀 \u0001 line\n'.repeat(160_000);
const link = { type: 'resource_link', uri: 'file:///report.txt', name: 'report' };

// The sanitizer keeps what was freed, to find its later use: that is not the gateway's memory.
const fewKept = { ASAN_OPTIONS: [process.env['ASAN_OPTIONS'], 'quarantine_size_mb=1'].filter(Boolean).join(':') };

function largeAnswer(id: number | string): Buffer {
  return Buffer.from(JSON.stringify({ result: { content: [{ type: 'text', text }, link] }, jsonrpc: '2.0', id }));
}

async function prepared(scope: Scope): Promise<{ vendor: BadVendor; gateway: Gateway; client: McpHttp }> {
  const vendor = await startBadVendor(scope);
  vendor.onCall = (id, response) => {
    const body = largeAnswer(id);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
  };
  const definition = httpVendor('bulky', vendor.url, { health: { check: 'none' } });
  const gateway = await Gateway.start(scope, { vendors: [definition], env: fewKept });
  return { vendor, gateway, client: await McpHttp.open(gateway.mcpUrl, await bearerFor(await gateway.owner())) };
}

const digest = (of: string) => createHash('sha256').update(of).digest('hex');

test('many large answers at once come whole, with the names of the unified endpoint, and none of them is held', async (t) => {
  const { gateway, client } = await prepared(Scope.of(t));
  assert.ok(largeAnswer(1).length > 6 * mebibyte);
  assert.equal(failureOf(await client.call('bulky__work')), undefined);
  gateway.process.resetPeak();
  const memoryBefore = gateway.process.residentBytes();
  const answers = await Promise.all(Array.from({ length: 12 }, () => client.call('bulky__work')));
  const grown = gateway.process.peakResidentBytes() - memoryBefore;
  for (const { status, type, message } of answers) {
    assert.equal(status, 200);
    assert.equal(type, 'application/json');
    assert.equal(digest(message['result'].content[0].text), digest(text));
    assert.deepEqual(message['result'].content[1], { ...link, uri: 'bulky+file:///report.txt' });
  }
  assert.equal(new Set(answers.map(({ message }) => message['id'])).size, answers.length);
  assert.ok(grown < 24 * mebibyte, `the gateway grew by ${Math.round(grown / mebibyte)} MiB for 12 answers of 6 MiB`);
});

test('a large answer that breaks in its middle is never taken for a whole one, and the vendor is asked again as before', async (t) => {
  const { vendor, client } = await prepared(Scope.of(t));
  const well = vendor.onCall;
  vendor.onCall = (id, response) => {
    const body = largeAnswer(id);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    response.write(body.subarray(0, body.length / 2), () => response.socket?.destroy());
  };
  await assert.rejects(client.call('bulky__work'), /terminated|aborted|closed/);
  if (well) vendor.onCall = well;
  assert.equal(failureOf(await client.call('bulky__work')), undefined);
});

test('a client that leaves in the middle of a large answer disturbs nobody', async (t) => {
  const { client } = await prepared(Scope.of(t));
  const leaving = new AbortController();
  const response = await fetch(client.url, {
    method: 'POST',
    headers: client.headers(),
    body: JSON.stringify({ jsonrpc: '2.0', id: 'leaving', method: 'tools/call', params: { name: 'bulky__work', arguments: {} } }),
    signal: leaving.signal,
  });
  await response.body?.getReader().read();
  leaving.abort();
  assert.equal(failureOf(await client.call('bulky__work')), undefined);
});
