// Requirement set 2026-07-28 through the gateway: a vendor of the modern era shows exactly what it shows alone.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { startModernConformanceFixture } from '../fixtures/conformance_modern.ts';
import { failures, outcomes, runServerSuite } from '../harness/conformance.ts';
import { Gateway } from '../harness/gateway.ts';
import { Scope } from '../harness/scope.ts';
import { bearerFor } from '../harness/token.ts';
import { httpVendor } from '../harness/vendors.ts';

test('requirement set 2026-07-28 through the vendor endpoint gives the same checks as the vendor alone', async (t) => {
  const scope = Scope.of(t);
  const fixture = await startModernConformanceFixture();
  scope.atEnd(() => fixture.close());
  const gateway = await Gateway.start(scope, { vendors: [httpVendor('conformance', fixture.url)] });
  const url = gateway.vendorUrl('conformance');
  const bearer = await bearerFor(await gateway.owner(), url);

  const alone = await runServerSuite(scope, fixture.url, '2026-07-28');
  const through = await runServerSuite(scope, url, '2026-07-28', bearer);
  assert.deepEqual([alone.passed, alone.failed], [196, 0], failures(alone));
  assert.deepEqual([through.passed, through.failed], [196, 0], failures(through));
  assert.deepEqual(outcomes(through), outcomes(alone));
  assert.equal(through.exitCode, 0);
});
