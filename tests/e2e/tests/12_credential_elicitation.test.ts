// A call whose credential is missing, or was rejected by its vendor: the person is led to the page where it is saved, and
// the same call goes on with it. With every official client, on both endpoints.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { startBadVendor, type BadVendor } from '../fixtures/bad_vendor.ts';
import { Gateway } from '../harness/gateway.ts';
import { Peer, type Kind } from '../harness/peer.ts';
import type { Person } from '../harness/person.ts';
import { Scope } from '../harness/scope.ts';
import { bearerFor } from '../harness/token.ts';
import { keyedHttpVendor } from '../harness/vendors.ts';
import { untilTrue, within } from '../harness/wait.ts';

const kinds: Kind[] = ['SDK 1.x', 'SDK 2.x legacy', 'SDK 2.x modern'];
const endpoints = ['unified', 'vendor', 'search mode'] as const;
type EndpointName = (typeof endpoints)[number];

interface Column {
  kind: Kind;
  endpoint: EndpointName;
  slug: string; // each column has a vendor of its own: none has a credential that another one saved
}

const columns: Column[] = kinds.flatMap((kind, k) =>
  endpoints.map((endpoint, e) => ({ kind, endpoint, slug: `keyed-${k}${e}` })),
);

async function connect(scope: Scope, gateway: Gateway, owner: Person, column: Column, capabilities = {}): Promise<Peer> {
  const url = column.endpoint === 'vendor' ? gateway.vendorUrl(column.slug) : gateway.mcpUrl;
  const peer = await Peer.connect(column.kind, { url, bearer: await bearerFor(owner, url) }, capabilities);
  scope.atEnd(() => peer.close());
  return peer;
}

const work = (peer: Peer, { endpoint, slug }: Column) => {
  if (endpoint === 'search mode') return peer.call('gateway__call_tool', { name: `${slug}__work`, arguments: {} });
  return peer.call(endpoint === 'unified' ? `${slug}__work` : 'work');
};

const textOf = (result: Record<string, any>): string => result['content'].map((part: { text: string }) => part.text).join('\n');

describe('a call goes on when its person saves the credential', () => {
  let failed = false;
  const scope = new Scope('credentials', () => failed);
  const vendors = new Map<string, BadVendor>();
  let gateway: Gateway;
  let owner: Person;

  before(async () => {
    for (const { slug } of columns) vendors.set(slug, await startBadVendor(scope));
    const definitions = columns.map(({ slug }) => keyedHttpVendor(slug, vendors.get(slug)?.url ?? '', { health: { check: 'none' } }));
    gateway = await Gateway.start(scope, { vendors: definitions });
    owner = await gateway.owner();
  });
  after(() => scope.end());

  for (const column of columns) {
    test(`${column.kind}, ${column.endpoint}`, async (t) => {
      const vendor = vendors.get(column.slug) as BadVendor;
      const page = `${gateway.url}/settings/connections/${column.slug}`;
      const peer = await connect(Scope.of(t), gateway, owner, column);
      const asked = () => peer.asked.map(({ params }) => params);

      async function step(what: string, act: () => Promise<void>): Promise<void> {
        peer.asked.length = 0;
        await t.test(what, () =>
          within(15_000, what, act()).catch((error) => {
            failed = true;
            throw error;
          }));
      }

      // The person agrees, and saves the key a moment later.
      async function goesOn(key: string, meanwhile = () => {}): Promise<void> {
        let saving: Promise<unknown> | undefined;
        peer.onElicit = () => {
          meanwhile();
          saving = owner.saveCredential(column.slug, { api_key: key });
          return { action: 'accept' };
        };
        const from = peer.notices.length;
        assert.equal(textOf(await work(peer, column)), 'worked');
        await saving;
        assert.equal(asked().length, 1, JSON.stringify(asked()));
        assert.equal(asked()[0]?.['mode'], 'url');
        assert.equal(asked()[0]?.['url'], page);
        assert.equal(vendor.headers.at(-1)?.['x-api-key'], key);
        if (peer.era === 'legacy') {
          await peer.hears('notifications/elicitation/complete', from, (params) => params['elicitationId'] === asked()[0]?.['elicitationId']);
        }
      }

      await step('a person who declines gets the link', async () => {
        peer.onElicit = () => ({ action: 'decline' });
        const result = await work(peer, column);
        assert.equal(result['isError'], true);
        assert.ok(textOf(result).includes(page), textOf(result));
        assert.equal(asked().length, 1);
      });
      await step('one that is missing', async () => {
        await goesOn('sk-the-first');
        assert.match(asked()[0]?.['message'], /needs your credential/);
      });
      await step('one that is there is not asked for', async () => {
        assert.equal(textOf(await work(peer, column)), 'worked');
        assert.equal(asked().length, 0);
      });
      await step('one that the vendor rejects in the call', async () => {
        vendor.behaviour = '401';
        await goesOn('sk-the-second', () => (vendor.behaviour = 'well'));
        assert.match(asked()[0]?.['message'], /rejected your saved credential/);
      });
    });
  }

  test('a client that shows no URLs is told the link', async (t) => {
    for (const kind of kinds) {
      const column: Column = { kind, endpoint: 'vendor', slug: 'demo-tickets' };
      const peer = await connect(Scope.of(t), gateway, owner, column, { elicitation: { form: {} } });
      const result = await peer.call('list_tickets');
      assert.equal(result['isError'], true, kind);
      assert.ok(textOf(result).includes(`${gateway.url}/settings/connections/demo-tickets`), textOf(result));
      assert.equal(peer.asked.length, 0, kind);
    }
  });
});

for (const kind of kinds) {
  test(`${kind}: a call that waits for its person ends when the gateway drains`, async (t) => {
    const scope = Scope.of(t);
    const gateway = await Gateway.start(scope);
    const owner = await gateway.owner();
    const peer = await connect(scope, gateway, owner, { kind, endpoint: 'vendor', slug: 'demo-tickets' });
    peer.onElicit = () => ({ action: 'accept' });
    const call = peer.call('list_tickets');
    await untilTrue(() => peer.asked.length > 0);
    const stopped = gateway.stop();
    const result = await within(2_500, 'the call, when the gateway drains,', call);
    assert.equal(result['isError'], true);
    assert.ok(textOf(result).includes('/settings/connections/demo-tickets'), textOf(result));
    await stopped;
  });
}
