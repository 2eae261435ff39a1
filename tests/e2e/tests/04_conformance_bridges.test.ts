// The official suite across the eras: what the scenarios of one era ask for, a vendor of the other era gives through the
// gateway. The table below holds all that is not asked of it, each with its reason.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { startConformanceFixture, type Fixture } from '../fixtures/conformance_legacy.ts';
import { startModernConformanceFixture } from '../fixtures/conformance_modern.ts';
import { runServerSuite, type Check, type Requirements } from '../harness/conformance.ts';
import { Gateway } from '../harness/gateway.ts';
import { Scope } from '../harness/scope.ts';
import { bearerFor } from '../harness/token.ts';
import { httpVendor } from '../harness/vendors.ts';

interface Exception {
  scenario: RegExp;
  check?: RegExp; // all of the scenario's without it
  reason: string;
}

const legacyVendor: Exception[] = [
  {
    scenario: /^tasks-/,
    reason: 'The tasks extension (SEP-2663) belongs to 2026-07-28; the experimental tasks of 2025-11-25 have other methods and shapes.',
  },
  {
    scenario: /^input-required-result-ignore-extra-params$/,
    reason: 'It answers in the first request, without requestState. A legacy vendor has asked nothing yet that this could answer.',
  },
  {
    scenario: /^input-required-result-basic-elicitation$/,
    check: /^sep-2322-elicitation-incomplete$/,
    reason: 'It wants the key user_name. The requests of a legacy vendor have no keys; the gateway chooses them.',
  },
  {
    scenario: /^input-required-result-multiple-input-requests$/,
    reason: 'It wants three requests in one result. A legacy vendor sends its requests one by one, and none says how many will follow.',
  },
];

async function through(scope: Scope, fixture: Fixture, requirements: Requirements): Promise<Check[]> {
  scope.atEnd(() => fixture.close());
  const gateway = await Gateway.start(scope, { vendors: [httpVendor('conformance', fixture.url)] });
  const url = gateway.vendorUrl('conformance');
  const verdict = await runServerSuite(scope, url, requirements, await bearerFor(await gateway.owner(), url));
  return verdict.checks;
}

// A warning is a SHOULD that was not met.
const isMissed = (check: Check) => ['FAILURE', 'WARNING'].includes(check.status);

function unexplained(checks: Check[], exceptions: Exception[]): string[] {
  const isExcepted = (check: Check) =>
    exceptions.some(({ scenario, check: id }) => scenario.test(check.scenario) && (id?.test(check.id) ?? true));
  return checks
    .filter((check) => isMissed(check) && !isExcepted(check))
    .map((check) => `${check.scenario} / ${check.id}: ${check.errorMessage ?? check.description}`);
}

// An exception that nothing needs is a claim that is not true.
function unneeded(checks: Check[], exceptions: Exception[]): RegExp[] {
  const isNeeded = ({ scenario, check: id }: Exception) =>
    checks.some((check) => isMissed(check) && scenario.test(check.scenario) && (id?.test(check.id) ?? true));
  return exceptions.filter((exception) => !isNeeded(exception)).map(({ scenario }) => scenario);
}

test('a vendor of the legacy era passes requirement set 2026-07-28 through the gateway', async (t) => {
  const checks = await through(Scope.of(t), await startConformanceFixture(), '2026-07-28');
  assert.deepEqual(unexplained(checks, legacyVendor), []);
  assert.deepEqual(unneeded(checks, legacyVendor), []);
  assert.ok(checks.filter((check) => check.status === 'SUCCESS').length > 120);
});

test('a vendor of the modern era passes requirement set 2025-11-25 through the gateway', async (t) => {
  const checks = await through(Scope.of(t), await startModernConformanceFixture(), '2025-11-25');
  assert.deepEqual(unexplained(checks, []), []);
  assert.ok(checks.filter((check) => check.status === 'SUCCESS').length > 70);
});
