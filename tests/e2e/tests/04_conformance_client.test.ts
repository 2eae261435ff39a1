// The gateway as a client of its vendors: the official suite's client scenarios, driven by official clients of both eras
// through the gateway. What a client of another era cannot cause is not left to chance: every check must pass in each run.
// The auth/ scenarios have no meaning here: they are about a client that signs itself in at its server, and the gateway
// brings stored credentials instead.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { failures, requiredClientScenarios, runClientScenario, type Requirements } from '../harness/conformance.ts';
import type { Kind } from '../harness/peer.ts';
import { Scope } from '../harness/scope.ts';

const runs: [Requirements, Kind][] = [
  ['2025-11-25', 'SDK 1.x'],
  ['2025-11-25', 'SDK 2.x modern'],
  ['2026-07-28', 'SDK 1.x'],
  ['2026-07-28', 'SDK 2.x modern'],
];

// With the least number of checks that must pass, so that none is lost unnoticed; a second connection repeats some.
const scenarios: Record<Requirements, Record<string, number>> = {
  '2025-11-25': {
    initialize: 1,
    tools_call: 2,
    'elicitation-sep1034-client-defaults': 5,
    'sse-retry': 3,
    'json-schema-2020-12-preservation': 9,
  },
  '2026-07-28': {
    tools_call: 2,
    'request-metadata': 8,
    'sep-2322-client-request-state': 5,
    'http-standard-headers': 9,
    'http-custom-headers': 18,
    'http-invalid-tool-headers': 12,
    'json-schema-ref-no-deref': 1,
    'json-schema-2020-12-preservation': 9,
  },
};

for (const requirements of Object.keys(scenarios) as Requirements[]) {
  test(`no client scenario that ${requirements} requires is left out, but for auth/`, async (t) => {
    const required = await requiredClientScenarios(Scope.of(t), requirements);
    assert.ok(required.includes('tools_call'), required.join());
    const known = Object.keys(scenarios[requirements]);
    assert.deepEqual(required.filter((name) => !name.startsWith('auth/') && !known.includes(name)), []);
  });
}

for (const [requirements, kind] of runs) {
  test(`the gateway passes the client scenarios of ${requirements} for ${kind}`, async (t) => {
    for (const [scenario, passed] of Object.entries(scenarios[requirements])) {
      await t.test(scenario, async (one) => {
        const verdict = await runClientScenario(Scope.of(one), scenario, requirements, kind);
        assert.equal(verdict.failed, 0, failures(verdict));
        assert.ok(verdict.passed >= passed, `${verdict.passed} of ${passed} checks\n${verdict.output}`);
        assert.equal(verdict.exitCode, 0, verdict.output); // the client's own calls were answered
      });
    }
  });
}
