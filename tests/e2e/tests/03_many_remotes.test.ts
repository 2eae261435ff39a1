// Many mcp-remote processes of one person at once, as a desktop client with many configured servers starts them.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Browser } from '../harness/browser.ts';
import { startEverything } from '../harness/everything.ts';
import { Gateway } from '../harness/gateway.ts';
import { Remote, textOf } from '../harness/remote.ts';
import { Scope } from '../harness/scope.ts';
import { httpVendor } from '../harness/vendors.ts';

test('ten processes for ten vendors, started at once, all finish their sign-in and work', async (t) => {
  const scope = Scope.of(t);
  const everything = await startEverything(scope);
  const slugs = Array.from({ length: 10 }, (_, index) => `vendor-${index}`);
  const gateway = await Gateway.start(scope, { vendors: slugs.map((slug) => httpVendor(slug, everything.url)) });
  const browser = new Browser(scope, await gateway.owner());
  const stateDirectory = scope.directory('state');

  const echoes = await Promise.all(
    slugs.map(async (slug) => {
      const remote = await Remote.start(scope, gateway.vendorUrl(slug), { stateDirectory, browser });
      return textOf(await remote.call('echo', { message: slug }));
    }),
  );
  assert.deepEqual(echoes, slugs.map((slug) => `Echo: ${slug}`));
  assert.equal(browser.openings, 10, browser.log);
});

test('three processes for the same URL, started at once, need one sign-in', async (t) => {
  const scope = Scope.of(t);
  const gateway = await Gateway.start(scope);
  const browser = new Browser(scope, await gateway.owner());
  const stateDirectory = scope.directory('state');

  const remotes = await Promise.all(
    [1, 2, 3].map(() => Remote.start(scope, gateway.mcpUrl, { stateDirectory, browser })),
  );
  for (const remote of remotes) {
    assert.match(textOf(await remote.call('demo-docs__search_articles', { query: 'guest wireless' })), /kb-130/);
  }
  assert.equal(browser.openings, 1, browser.log);
});

test('a second start finds its tokens and opens no browser', async (t) => {
  const scope = Scope.of(t);
  const gateway = await Gateway.start(scope);
  const browser = new Browser(scope, await gateway.owner());
  const stateDirectory = scope.directory('state');
  const first = await Remote.start(scope, gateway.mcpUrl, { stateDirectory, browser });
  await first.client.close();
  await gateway.restart();

  const second = await Remote.start(scope, gateway.mcpUrl, { stateDirectory, browser });
  assert.ok((await second.toolNames()).includes('demo-docs__read_article'));
  assert.equal(browser.openings, 1, browser.log);
});
