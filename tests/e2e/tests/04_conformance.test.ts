// The official conformance suite: through the gateway a vendor shows exactly what it shows alone.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { startConformanceFixture } from '../fixtures/conformance_legacy.ts';
import { startModernConformanceFixture } from '../fixtures/conformance_modern.ts';
import { failures, outcomes, runAuthorizationSuite, runServerSuite } from '../harness/conformance.ts';
import { Gateway } from '../harness/gateway.ts';
import { Scope } from '../harness/scope.ts';
import { bearerFor, OAuthClient } from '../harness/token.ts';
import { httpVendor } from '../harness/vendors.ts';

test('requirement set 2025-11-25 through the vendor endpoint gives the same checks as the vendor alone', async (t) => {
  const scope = Scope.of(t);
  const fixture = await startConformanceFixture();
  scope.atEnd(() => fixture.close());
  const gateway = await Gateway.start(scope, { vendors: [httpVendor('conformance', fixture.url)] });
  const url = gateway.vendorUrl('conformance');
  const bearer = await bearerFor(await gateway.owner(), url);

  const alone = await runServerSuite(scope, fixture.url, '2025-11-25');
  const through = await runServerSuite(scope, url, '2025-11-25', bearer);
  assert.deepEqual([alone.passed, alone.failed], [84, 0], failures(alone));
  assert.deepEqual([through.passed, through.failed], [84, 0], failures(through));
  assert.deepEqual(outcomes(through), outcomes(alone));
  assert.equal(through.exitCode, 0);
});

test('the vendor of the modern era passes requirement set 2026-07-28 alone', async (t) => {
  const scope = Scope.of(t);
  const fixture = await startModernConformanceFixture();
  scope.atEnd(() => fixture.close());
  const alone = await runServerSuite(scope, fixture.url, '2026-07-28');
  assert.deepEqual([alone.passed, alone.failed], [196, 0], failures(alone));
  assert.equal(alone.exitCode, 0);
});

test('the authorization-server scenarios pass', async (t) => {
  const scope = Scope.of(t);
  const gateway = await Gateway.start(scope);
  const owner = await gateway.owner();
  const client = await OAuthClient.register(gateway.url, { redirect_uris: ['http://127.0.0.1/callback'] });
  const verdict = await runAuthorizationSuite(scope, {
    issuer: gateway.url,
    clientId: client.registration.clientId,
    resource: gateway.mcpUrl,
    open: (authorizeUrl) => owner.approve(authorizeUrl),
  });
  assert.equal(verdict.failed, 0, failures(verdict));
  assert.ok(verdict.passed >= 2, verdict.output);
  assert.equal(verdict.exitCode, 0, verdict.output);
});
