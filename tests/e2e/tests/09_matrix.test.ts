// Every official client with every kind of vendor, every feature: first without the gateway, so that a red cell through the
// gateway is the gateway's own.
import { test, type TestContext } from 'node:test';

import { ownNames, seeEverything, type Naming } from '../harness/everything_cells.ts';
import { everythingVendor, startEverythingVendor } from '../harness/everything_vendor.ts';
import { Peer, type Era, type Kind, type Target } from '../harness/peer.ts';
import { Scope } from '../harness/scope.ts';

const kinds: Kind[] = ['SDK 1.x', 'SDK 2.x legacy', 'SDK 2.x modern'];
const eras: Era[] = ['legacy', 'modern'];
const eraOf = (kind: Kind): Era => (kind === 'SDK 2.x modern' ? 'modern' : 'legacy');

async function column(t: TestContext, kind: Kind, target: Target, naming: Naming): Promise<void> {
  const scope = Scope.of(t);
  const peer = await Peer.connect(kind, target);
  scope.atEnd(() => peer.close());
  await seeEverything(t, peer, naming);
}

test('clients see every feature of a vendor of their own era, without the gateway', async (t) => {
  for (const era of eras) {
    for (const kind of kinds.filter((each) => eraOf(each) === era)) {
      await t.test(`${kind}, ${era} HTTP`, async (column_) => {
        const vendor = await startEverythingVendor(Scope.of(column_), era);
        await column(column_, kind, { url: vendor.url }, ownNames);
      });
      await t.test(`${kind}, ${era} stdio`, (column_) =>
        column(column_, kind, everythingVendor(Scope.of(column_), era, 'stdio'), ownNames),
      );
    }
  }
});
