// The rows of the matrix: what a client must see of everything_vendor.ts, whatever stands between them.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';

import { notes, topics } from '../fixtures/everything_world.ts';
import type { Peer } from './peer.ts';
import { untilTrue, within } from './wait.ts';

// How an endpoint calls what the vendor has.
export interface Naming {
  name(own: string): string;
  uri(own: string): string;
}

export const ownNames: Naming = { name: (own) => own, uri: (own) => own };

// The unified endpoint: docs, and src/mcp/unified_uri.hpp.
export function unifiedNames(vendor: string): Naming {
  return {
    name: (own) => `${vendor}__${own}`,
    uri: (own) => (own.startsWith('ui://') ? `ui://${vendor}/${own.slice('ui://'.length)}` : `${vendor}+${own}`),
  };
}

type Cell = (peer: Peer, at: Naming) => Promise<void>;

const named = <T extends Record<string, any>>(list: T[], field: string, value: string): T => {
  const found = list.find((one) => one[field] === value);
  assert.ok(found, `${value} is not in ${list.map((one) => one[field]).join(' ')}`);
  return found;
};

const unique = (what: string) => `${what}_${randomUUID().slice(24)}`;

const tools: Cell = async (peer, at) => {
  const list = await peer.tools();
  const echo = named(list, 'name', at.name('echo'));
  assert.deepEqual(echo['inputSchema'].properties, { message: { type: 'string' } });
  assert.deepEqual(echo['inputSchema'].required, ['message']);
  assert.equal(echo['title'], 'Echo');
  assert.deepEqual(echo['annotations'], { readOnlyHint: true, idempotentHint: true });
  assert.deepEqual(echo['_meta'], { 'example.com/colour': 'green', ui: { resourceUri: at.uri('ui://panel') } });
  assert.equal(await peer.text(at.name('echo'), { message: 'grüß dich \u{1F333}' }), 'Echo: grüß dich \u{1F333}');

  assert.deepEqual(named(list, 'name', at.name('sum'))['outputSchema'].properties, { sum: { type: 'number' } });
  assert.deepEqual((await peer.call(at.name('sum'), { a: 17, b: 25 }))['structuredContent'], { sum: 42 });

  const failed = await peer.call(at.name('fail'));
  assert.deepEqual([failed['isError'], failed['content'][0].text], [true, 'The disk is on fire.']);
};

const prompts: Cell = async (peer, at) => {
  const prompt = named(await peer.prompts(), 'name', at.name('write_note'));
  assert.deepEqual([prompt['title'], prompt['description']], ['Write a note', 'About a topic']);
  assert.deepEqual(prompt['arguments'], [{ name: 'topic', required: true }]);
  const written = await peer.prompt(at.name('write_note'), { topic: 'moss' });
  assert.deepEqual(written['messages'], [{ role: 'user', content: { type: 'text', text: 'Write a note about moss.' } }]);
  await assert.rejects(peer.prompt(at.name('no_such_prompt'), {}), (error: { code?: number }) => error.code === -32602);
};

const resources: Cell = async (peer, at) => {
  const list = await peer.resources();
  for (const [uri, content] of Object.entries(notes)) {
    const resource = named(list, 'uri', at.uri(uri));
    assert.deepEqual([resource['title'], resource['mimeType']], [`The note ${uri}`, content.mimeType]);
    assert.deepEqual((await peer.read(at.uri(uri)))['contents'], [{ uri: at.uri(uri), ...content }]);
  }
  // What a tool's answer links to can be read where the tool was called.
  const [link, embedded] = (await peer.call(at.name('link')))['content'];
  assert.deepEqual([link.uri, embedded.resource.uri], [at.uri('note://one'), at.uri('note://one')]);
  assert.equal((await peer.read(link.uri))['contents'][0].text, notes['note://one'].text);
  await assert.rejects(peer.read(at.uri('note://none')), (error: { code?: number }) => [-32602, -32002].includes(error.code ?? 0));
};

const templates: Cell = async (peer, at) => {
  const uriTemplate = at.uri('note://{topic}/page/{number}');
  const template = named(await peer.templates(), 'uriTemplate', uriTemplate);
  assert.deepEqual([template['name'], template['mimeType']].map((one) => one.replace(/^.*__/, '')), ['page', 'text/plain']);
  const uri = uriTemplate.replace('{topic}', 'geology').replace('{number}', '7');
  assert.deepEqual((await peer.read(uri))['contents'], [{ uri, mimeType: 'text/plain', text: 'Page 7 of geology' }]);
};

const completion: Cell = async (peer, at) => {
  const ofPrompt = await peer.complete({ type: 'ref/prompt', name: at.name('write_note') }, 'topic', 'ga');
  assert.deepEqual(ofPrompt['completion'].values, ['gardening', 'gateways']);
  const ofTemplate = await peer.complete({ type: 'ref/resource', uri: at.uri('note://{topic}/page/{number}') }, 'topic', 'g');
  assert.deepEqual(ofTemplate['completion'].values, topics);
};

const subscribe: Cell = async (peer, at) => {
  const uri = at.uri('note://clock');
  const isClock = (params: Record<string, any>) => params['uri'] === uri;
  const touch = () => peer.text(at.name('touch'), { uri: 'note://clock' });
  await peer.watch([uri]);
  let from = peer.notices.length;
  await touch();
  await peer.hears('notifications/resources/updated', from, isClock);
  await peer.unwatch([uri]);

  // After the end of the subscription nothing comes: a later answer on the same connection is the proof of it.
  from = peer.notices.length;
  await touch();
  await peer.text(at.name('echo'), { message: 'later' });
  assert.equal(peer.notices.slice(from).filter((notice) => isClock(notice.params ?? {})).length, 0);
};

// The call ends only when its four steps have arrived: they are seen while it runs.
const progress: Cell = async (peer, at) => {
  const key = unique('steps');
  const seen: object[] = [];
  let ended: Promise<string> = Promise.resolve('');
  await new Promise<unknown>((resolve) => {
    const onprogress = (step: object) => void (seen.push(step) === 4 && resolve(step));
    ended = peer.text(at.name('steps'), { count: 4, key }, { onprogress });
    ended.then(resolve, resolve);
  });
  await peer.text(at.name('release'), { key });
  assert.equal(await ended, '4 steps');
  assert.deepEqual(seen, [1, 2, 3, 4].map((step) => ({ progress: step, total: 4, message: `step ${step}` })));
};

const cancel: Cell = async (peer, at) => {
  const key = unique('wait');
  const state = () => peer.text(at.name('waiting'), { key });
  const ending = new AbortController();
  const outcome = peer.call(at.name('wait'), { key }, { signal: ending.signal }).catch((error: unknown) => error);
  const early = outcome.then((seen) => Promise.reject(new Error(`the call ended by itself: ${seen}`)));
  await Promise.race([untilTrue(async () => (await state()) === 'waiting', 6_000), early]);
  early.catch(() => {}); // from here on the end is wanted
  ending.abort('enough');
  assert.ok((await outcome) instanceof Error);
  await untilTrue(async () => (await state()) === 'cancelled', 6_000);
};

const log: Cell = async (peer, at) => {
  const words = unique('words');
  await peer.logFrom('info');
  const from = peer.notices.length;
  await peer.call(at.name('speak'), { words });
  const heard = await peer.hears('notifications/message', from, ({ level }) => level === 'warning');
  assert.deepEqual(heard['data'], { words });
  assert.match(heard['logger'], /everything/);
  assert.ok(!peer.notices.slice(from).some(({ params }) => params?.['data'] === `debug ${words}`), 'debug is below info');
};

const elicitForm: Cell = async (peer, at) => {
  peer.asked.length = 0;
  peer.onElicit = () => ({ action: 'accept', content: { name: 'Ada' } });
  assert.equal(await peer.text(at.name('ask_name')), 'Hello, Ada!');
  assert.equal(peer.asked[0]?.params['message'], 'What is your name?');
  const { properties, required } = peer.asked[0]?.params['requestedSchema'];
  assert.deepEqual([properties, required], [{ name: { type: 'string', minLength: 1 } }, ['name']]);

  peer.onElicit = () => ({ action: 'decline' });
  assert.equal(await peer.text(at.name('ask_name')), 'The user chose decline.');

  peer.onElicit = ({ message }) => ({ action: 'accept', content: message.includes('colour') ? { colour: 'teal' } : { name: 'Bo' } });
  assert.equal(await peer.text(at.name('ask_twice')), 'Bo likes teal.');
};

const elicitUrl: Cell = async (peer, at) => {
  peer.asked.length = 0;
  peer.onElicit = () => ({ action: 'accept' });
  assert.equal(await peer.text(at.name('ask_visit')), 'The visit: accept.');
  const { mode, message, url } = peer.asked[0]?.params ?? {};
  assert.deepEqual([mode, message, url], ['url', 'Please sign the form', 'https://example.com/form?id=7']);
};

const sample: Cell = async (peer, at) => {
  peer.asked.length = 0;
  peer.onSample = () => ({ role: 'assistant', model: 'oracle-1', content: { type: 'text', text: 'Larch' } });
  assert.equal(await peer.text(at.name('ask_model')), 'oracle-1: Larch');
  const { messages, maxTokens, systemPrompt } = peer.asked[0]?.params ?? {};
  const [said] = messages.flatMap((message: { content: object }) => message.content);
  assert.deepEqual([said, maxTokens, systemPrompt], [{ type: 'text', text: 'Name a tree.' }, 20, 'Answer with one word.']);
};

const roots: Cell = async (peer, at) => {
  peer.roots = [{ uri: 'file:///home/ada/garden', name: 'Garden' }];
  assert.deepEqual(JSON.parse(await peer.text(at.name('ask_roots'))), peer.roots);
  peer.roots = [...peer.roots, { uri: 'file:///home/ada/shed' }];
  if (peer.era === 'legacy') await peer.rootsChanged();
  assert.deepEqual(JSON.parse(await peer.text(at.name('ask_roots'))), peer.roots);
};

const listChanged: Cell = async (peer, at) => {
  await peer.watch([]);
  const lists = { tool: () => peer.tools(), prompt: () => peer.prompts(), resource: () => peer.resources() };
  for (const [kind, list] of Object.entries(lists)) {
    const name = unique(kind);
    await list();
    const from = peer.notices.length;
    await peer.text(at.name('add'), { kind, name });
    const field = kind === 'resource' ? 'uri' : 'name';
    const added = kind === 'resource' ? at.uri(`note://${name}`) : at.name(name);
    // Whoever lists anew at every notification has it in the end: others' changes may be told in between.
    let listed = 0;
    await untilTrue(async () => {
      const told = peer.notices.slice(from).filter(({ method }) => method === `notifications/${kind}s/list_changed`).length;
      if (told === listed) return false;
      listed = told;
      return (await list()).some((one: Record<string, any>) => one[field] === added);
    }, 6_000);
  }
  if (peer.era === 'modern') await peer.unwatch([]);
};

const cells: Record<string, Cell> = {
  tools,
  prompts,
  resources,
  templates,
  completion,
  subscribe,
  progress,
  cancel,
  log,
  'elicit form': elicitForm,
  'elicit URL': elicitUrl,
  sample,
  roots,
  list_changed: listChanged,
};

// Every row as a test of its own; `onFailure` is told of each that fails.
export async function seeEverything(t: TestContext, peer: Peer, at: Naming, onFailure: () => void = () => undefined): Promise<void> {
  for (const [feature, cell] of Object.entries(cells)) {
    await t.test(feature, () =>
      within(12_000, feature, cell(peer, at)).catch((error) => {
        onFailure();
        throw error;
      }));
  }
}
