// Tasks on the unified endpoint, in both of their forms, and tools that can be called as tasks only, for clients that know
// nothing of tasks.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { CallToolResultSchema, CreateTaskResultSchema, ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';

import { startModernConformanceFixture } from '../fixtures/conformance_modern.ts';
import { Gateway } from '../harness/gateway.ts';
import { httpAnswer, McpHttp } from '../harness/mcp_http.ts';
import { Peer, type Kind } from '../harness/peer.ts';
import { Scope } from '../harness/scope.ts';
import { bearerFor } from '../harness/token.ts';
import { everythingOverStdio, httpVendor } from '../harness/vendors.ts';
import { untilTrue } from '../harness/wait.ts';

type Json = Record<string, any>;

const research = { topic: 'python', ambiguous: true };
const relatedTask = 'io.modelcontextprotocol/related-task';
const kinds: Kind[] = ['SDK 1.x', 'SDK 2.x legacy', 'SDK 2.x modern'];
const tasksExtension = 'io.modelcontextprotocol/tasks';

async function startGateway(scope: Scope, names = ['every', 'other']) {
  const gateway = await Gateway.start(scope, { vendors: names.map(everythingOverStdio) });
  const owner = await gateway.owner();
  const bearer = await bearerFor(owner);
  // What is announced at initialize is what is known of the vendors by then.
  const script = await McpHttp.open(gateway.mcpUrl, bearer);
  const isThere = (tools: string[]) => names.every((name) => tools.includes(`${name}__simulate-research-query`));
  await untilTrue(async () => isThere(await script.toolNames()), 20_000);
  return { gateway, owner, bearer };
}

async function legacyClient(scope: Scope, url: string, bearer: string): Promise<{ client: Client; asked: Json[] }> {
  const asked: Json[] = [];
  const client = new Client({ name: 'a tasks client', version: '1.0.0' }, { capabilities: { elicitation: { form: {} }, tasks: {} } });
  client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
    asked.push(params);
    return { action: 'accept', content: { interpretation: 'snake' } };
  });
  scope.atEnd(() => client.close());
  const transport = new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: { authorization: `Bearer ${bearer}` } } });
  await client.connect(transport as never);
  return { client, asked };
}

const textOf = (result: unknown): string => (result as Json)['content'][0].text;

test('a client of 2025-11-25 runs a task of one vendor among several, answers its question and gets the result', { timeout: 60_000 }, async (t) => {
  const scope = Scope.of(t);
  const { gateway, bearer } = await startGateway(scope);
  const { client, asked } = await legacyClient(scope, gateway.mcpUrl, bearer);
  const offered = client.getServerCapabilities()?.tasks;
  assert.deepEqual(offered, { requests: { tools: { call: {} } }, list: {}, cancel: {} });
  const { tools } = await client.listTools();
  assert.ok(tools.some((tool) => tool.name === 'other__simulate-research-query'));

  let id = '';
  let report = '';
  const call = { name: 'every__simulate-research-query', arguments: research };
  for await (const message of client.experimental.tasks.callToolStream(call, CallToolResultSchema, { task: { ttl: 60_000 } })) {
    if (message.type === 'error') throw message.error;
    if (message.type === 'taskCreated') id = message.task.taskId;
    if (message.type === 'result') report = textOf(message.result);
  }
  assert.match(id, /^every:/);
  assert.match(report, /Research Report: python \(snake\)/);
  assert.deepEqual(asked.map((params) => params['_meta'][relatedTask].taskId), [id]);
  assert.equal((await client.experimental.tasks.getTask(id)).status, 'completed');
});

test('the tasks of every vendor are one list, and each is cancelled at its own vendor', { timeout: 60_000 }, async (t) => {
  const scope = Scope.of(t);
  const { gateway, bearer } = await startGateway(scope);
  const { client } = await legacyClient(scope, gateway.mcpUrl, bearer);
  await client.listTools();
  const ids: string[] = [];
  for (const vendor of ['every', 'other']) {
    const params = { name: `${vendor}__simulate-research-query`, arguments: { topic: vendor }, task: { ttl: 60_000 } };
    const created = await client.request({ method: 'tools/call', params }, CreateTaskResultSchema);
    ids.push(created.task.taskId);
  }
  assert.deepEqual((await client.experimental.tasks.listTasks()).tasks.map((task) => task.taskId), ids);
  assert.equal((await client.experimental.tasks.cancelTask(ids[1] ?? '')).status, 'cancelled');
  const states = (await client.experimental.tasks.listTasks()).tasks.map((task) => task.status);
  assert.equal(states[1], 'cancelled');
  assert.notEqual(states[0], 'cancelled');
  const strange = { code: -32602, message: /Unknown task/ };
  await assert.rejects(client.experimental.tasks.getTask('nobody:1'), strange);
  await assert.rejects(client.experimental.tasks.getTask('1'), strange);
});

for (const unified of [true, false]) {
  test(`a tool that is always a task is a plain call for every client on ${unified ? 'the unified endpoint' : 'its own'}`, { timeout: 60_000 }, async (t) => {
    const scope = Scope.of(t);
    const { gateway, owner } = await startGateway(scope, ['every']);
    const url = unified ? gateway.mcpUrl : gateway.vendorUrl('every');
    const bearer = await bearerFor(owner, url);
    const runs = async (kind: Kind) => {
      const peer = await Peer.connect(kind, { url, bearer });
      scope.atEnd(() => peer.close());
      peer.onElicit = () => ({ action: 'accept', content: { interpretation: 'comedy' } });
      const name = unified ? 'every__simulate-research-query' : 'simulate-research-query';
      assert.match(await peer.text(name, research, { timeout: 30_000 }), /Research Report: python \(comedy\)/, kind);
      assert.equal(peer.asked.filter(({ method }) => method === 'elicitation/create').length, 1, kind);
    };
    await Promise.all(kinds.map(runs));
  });
}

test('a cancelled call of such a tool cancels its task', { timeout: 60_000 }, async (t) => {
  const scope = Scope.of(t);
  const { gateway, bearer } = await startGateway(scope, ['every']);
  const { client } = await legacyClient(scope, gateway.mcpUrl, bearer);
  const controller = new AbortController();
  const params = { name: 'every__simulate-research-query', arguments: { topic: 'moss' } };
  const call = client.request({ method: 'tools/call', params }, CallToolResultSchema, { signal: controller.signal });
  const tasks = async () => (await client.experimental.tasks.listTasks()).tasks;
  await untilTrue(async () => (await tasks()).length === 1);
  controller.abort();
  await assert.rejects(call);
  await untilTrue(async () => (await tasks())[0]?.status === 'cancelled');
});

test('tasks of the modern extension are found under their unified ids', { timeout: 60_000 }, async (t) => {
  const scope = Scope.of(t);
  const fixture = await startModernConformanceFixture();
  scope.atEnd(() => fixture.close());
  const gateway = await Gateway.start(scope, { vendors: [httpVendor('slow', fixture.url)] });
  const bearer = await bearerFor(await gateway.owner());
  const send = async (method: string, params: Json, name: string | undefined): Promise<Json> => {
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': { elicitation: { form: {} }, extensions: { [tasksExtension]: {} } },
    };
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      authorization: `Bearer ${bearer}`,
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...(name === undefined ? {} : { 'mcp-name': name }),
    };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta } });
    return (await httpAnswer(await fetch(gateway.mcpUrl, { method: 'POST', headers, body }))).message;
  };
  const task = (method: string, taskId: string, more: Json = {}) => send(`tasks/${method}`, { taskId, ...more }, taskId);

  const discovered = await send('server/discover', {}, undefined);
  assert.deepEqual(discovered['result'].capabilities.extensions, { [tasksExtension]: {} });

  const call = { name: 'slow__confirm_delete', arguments: { filename: 'a.txt' } };
  const created = (await send('tools/call', call, call.name))['result'];
  assert.equal(created.resultType, 'task');
  assert.match(created.taskId, /^slow:/);
  const waiting = (await task('get', created.taskId))['result'];
  assert.deepEqual([waiting.taskId, waiting.status, Object.keys(waiting.inputRequests)], [created.taskId, 'input_required', ['confirm']]);
  const inputResponses = { confirm: { action: 'accept', content: { confirm: true } } };
  assert.equal((await task('update', created.taskId, { inputResponses }))['result'].resultType, 'complete');
  const done = (await task('get', created.taskId))['result'];
  assert.equal(done.status, 'completed');
  assert.match(textOf(done.result), /"confirm":true/);
  assert.equal((await task('cancel', created.taskId))['result'].resultType, 'complete');
  assert.equal((await task('get', 'nobody:1'))['error'].code, -32602);
  assert.equal((await send('tasks/list', {}, undefined))['error'].code, -32601);
});
