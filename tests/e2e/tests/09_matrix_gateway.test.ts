// Every official client with every kind of vendor, every feature, through both endpoints of the gateway. What the cells see
// of the same vendors without the gateway is 09_matrix.test.ts. One column: --test-name-pattern='SDK 1.x, modern-stdio'.
import { after, before, describe, test } from 'node:test';

import { ownNames, seeEverything, unifiedNames, type Naming } from '../harness/everything_cells.ts';
import { everythingVendor, startEverythingVendor } from '../harness/everything_vendor.ts';
import { Gateway } from '../harness/gateway.ts';
import { Peer, type Era, type Kind } from '../harness/peer.ts';
import type { Person } from '../harness/person.ts';
import { Scope } from '../harness/scope.ts';
import { bearerFor } from '../harness/token.ts';
import { httpVendor, type VendorDefinition } from '../harness/vendors.ts';

const kinds: Kind[] = ['SDK 1.x', 'SDK 2.x legacy', 'SDK 2.x modern'];
const transports = ['http', 'stdio'] as const;
const eras: Era[] = ['legacy', 'modern'];

async function definition(scope: Scope, era: Era, transport: 'http' | 'stdio'): Promise<VendorDefinition> {
  const slug = `${era}-${transport}`;
  if (transport === 'http') return httpVendor(slug, (await startEverythingVendor(scope, era)).url);
  return { slug, name: slug, transport: { type: 'stdio', ...everythingVendor(scope, era, 'stdio') } };
}

describe('every client sees every feature of every vendor', () => {
  let failed = false;
  const scope = new Scope('matrix', () => failed);
  let gateway: Gateway;
  let owner: Person;

  before(async () => {
    const vendors = eras.flatMap((era) => transports.map((transport) => definition(scope, era, transport)));
    gateway = await Gateway.start(scope, { vendors: await Promise.all(vendors) });
    owner = await gateway.owner();
  });
  after(() => scope.end());

  function column(name: string, kind: Kind, urlOf: () => string, naming: Naming): void {
    test(name, async (t) => {
      const own = Scope.of(t);
      const peer = await Peer.connect(kind, { url: urlOf(), bearer: await bearerFor(owner, urlOf()) });
      own.atEnd(() => peer.close());
      await seeEverything(t, peer, naming, () => (failed = true));
    });
  }

  for (const slug of eras.flatMap((era) => transports.map((transport) => `${era}-${transport}`))) {
    for (const kind of kinds) {
      column(`${kind}, ${slug}, its own endpoint`, kind, () => gateway.vendorUrl(slug), ownNames);
      column(`${kind}, ${slug}, the unified endpoint`, kind, () => gateway.mcpUrl, unifiedNames(slug));
    }
  }
});
