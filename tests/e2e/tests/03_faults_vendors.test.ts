// What vendors do to a running mcp-remote: an error at once that names the vendor, never a hanging call, never a
// process that does not start.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { behaviours, startBadVendor, type Behaviour } from '../fixtures/bad_vendor.ts';
import { Browser } from '../harness/browser.ts';
import { Gateway } from '../harness/gateway.ts';
import { Remote, textOf } from '../harness/remote.ts';
import { Scope } from '../harness/scope.ts';
import { httpVendor } from '../harness/vendors.ts';
import { untilTrue } from '../harness/wait.ts';

const timeouts = { call: '2s', list: '1s' };
// One of each kind; how big answers and closed ports fail is seen over plain HTTP.
const tried = behaviours.filter((how) => !['well', 'refuses', '100 MB', '100 MB stream'].includes(how));

for (const version of ['newest', 'installed base'] as const) {
  test(`mcp-remote (${version}) gets an error for whatever a vendor does, and the next call works`, { timeout: 120_000 }, async (t) => {
    const scope = Scope.of(t);
    const vendor = await startBadVendor(scope);
    const gateway = await Gateway.start(scope, { vendors: [httpVendor('sour', vendor.url, { timeouts, health: { check: 'none' } })] });
    const browser = new Browser(scope, await gateway.owner());
    const remote = await Remote.start(scope, gateway.mcpUrl, { stateDirectory: scope.directory('state'), browser, version });
    for (const how of tried) {
      vendor.behaviour = how;
      const told = await remote.call('sour__work', {}, 10_000).then(textOf, (error: Error) => error.message);
      assert.match(told, /sour/, how);
      assert.doesNotMatch(told, /timed out$|<html|session not found/i, how);
      vendor.behaviour = 'well';
      assert.equal(textOf(await remote.call('sour__work', {}, 10_000)), 'worked', `after ${how}`);
    }
    assert.equal(browser.openings, 1, browser.log);
  });
}

for (const how of ['hangs', '500', '401'] satisfies Behaviour[]) {
  test(`mcp-remote starts while its only vendor is ill (${how}), and has the tools when it is well again`, { timeout: 120_000 }, async (t) => {
    const scope = Scope.of(t);
    const vendor = await startBadVendor(scope);
    vendor.behaviour = how;
    const gateway = await Gateway.start(scope, {
      vendors: [httpVendor('sour', vendor.url, { timeouts })],
      config: { health: { interval: '500ms' } },
    });
    const browser = new Browser(scope, await gateway.owner());
    const remote = await Remote.start(scope, gateway.vendorUrl('sour'), { stateDirectory: scope.directory('state'), browser });
    vendor.behaviour = 'well';
    await untilTrue(() => remote.toolNames().then((names) => names.includes('work'), () => false), 30_000);
    assert.equal(textOf(await remote.call('work')), 'worked');
  });
}
