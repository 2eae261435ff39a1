// Every page: with the keyboard alone, readable, and under a content security policy that allows nothing inline.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { shortcomings } from '../e2e/harness/accessibility.ts';
import { surf, type Page } from '../e2e/harness/chromium.ts';
import { Gateway } from '../e2e/harness/gateway.ts';
import { Scope } from '../e2e/harness/scope.ts';
import { OAuthClient, pkce } from '../e2e/harness/token.ts';
import { becomeOwner, password, saveDemoKey } from './visitor.ts';

const settings = ['/settings', '/settings/connections/demo-tickets', '/settings/connections/demo-docs', '/settings/connect', '/settings/sessions', '/settings/health'];

async function everyPage(page: Page, gateway: Gateway, look: (what: string) => Promise<void>): Promise<void> {
  await page.goto(gateway.ownerLink);
  await look('owner link');
  await becomeOwner(page, gateway);
  await saveDemoKey(page, gateway);
  await look('key saved');
  await saveDemoKey(page, gateway, 'a-wrong-key');
  await look('key rejected');
  const client = await OAuthClient.register(gateway.url, { redirect_uris: ['https://client.example/callback'] });
  for (const path of [...settings, '/status', '/no-such-page', client.authorizeUrl(pkce().challenge)]) {
    await page.goto(new URL(path, gateway.url).href);
    await look(path);
  }
  await page.getByRole('button', { name: 'Sign out' }).click().catch(() => undefined);
  await page.context().clearCookies();
  await page.goto(`${gateway.url}/auth/login`);
  await look('sign-in');
}

for (const dark of [false, true]) {
  test(`every page has labels, headings, names and contrast (${dark ? 'dark' : 'light'})`, async (t) => {
    const scope = Scope.of(t);
    const gateway = await Gateway.start(scope);
    const { page, violations } = await surf(scope, { dark });
    const missing: string[] = [];
    await everyPage(page, gateway, async (what) => {
      missing.push(...(await shortcomings(page)).map((words) => `${what}: ${words}`));
    });
    assert.deepEqual([...missing, ...violations], []);
  });
}

test('every page has a strict content security policy and cannot be framed, sniffed or cached', async (t) => {
  const scope = Scope.of(t);
  const gateway = await Gateway.start(scope);
  const { page } = await surf(scope);
  const wrong: string[] = [];
  page.on('response', async (response) => {
    if (!(response.headers()['content-type'] ?? '').startsWith('text/html') || !response.url().startsWith(gateway.url)) return;
    const headers = response.headers();
    const policy = headers['content-security-policy'] ?? '';
    const say = (words: string) => wrong.push(`${response.url()}: ${words}`);
    if (!/default-src 'none'|default-src 'self'/.test(policy)) say(`policy ${policy}`);
    if (/unsafe-|data:.*script|\*(;|$| )/.test(policy)) say(`policy ${policy}`);
    if (!/frame-ancestors 'none'/.test(policy)) say('can be framed');
    if (!/form-action/.test(policy) || !/base-uri 'none'/.test(policy)) say(`policy ${policy}`);
    if (headers['x-content-type-options'] !== 'nosniff') say('can be sniffed');
    if (!/no-store/.test(headers['cache-control'] ?? '') && response.url().includes('/settings')) say('can be cached');
    if (!headers['referrer-policy']) say('no referrer policy');
  });
  await everyPage(page, gateway, async () => undefined);
  assert.deepEqual(wrong, []);
});

test('with the keyboard alone: sign in, save a key, copy a configuration, sign out', async (t) => {
  const scope = Scope.of(t);
  const gateway = await Gateway.start(scope);
  const { page, context } = await surf(scope);
  const login = await becomeOwner(page, gateway);
  await context.clearCookies();

  await page.goto(`${gateway.url}/auth/login`);
  await tabTo(page, '#login');
  await page.keyboard.type(login);
  await tabTo(page, '#password');
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');
  await page.waitForURL(`${gateway.url}/settings**`);

  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement?.className), 'skip', 'the first stop skips the navigation');
  await tabTo(page, 'a[href="/settings/connections/demo-tickets"]');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/connections/demo-tickets');
  await tabTo(page, 'input[name=api_key]');
  await page.keyboard.type('demo-key-1234567890');
  await page.keyboard.press('Enter');
  await page.locator('[data-state=working]').waitFor();

  await tabTo(page, 'a[href="/settings/connect"]');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/settings/connect');
  await tabTo(page, 'button[data-copy=snippet-url]');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^Copied/ }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), gateway.mcpUrl);

  await tabTo(page, 'form[action="/auth/logout"] button');
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => !url.pathname.startsWith('/settings'));
});

// Presses Tab until that element has the focus, and checks that each stop on the way can be seen.
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 80; ++presses) {
    const stop = await page.evaluate((wanted) => {
      const element = document.activeElement;
      if (!element || element === document.body) return { there: false, seen: true, what: '' };
      const style = getComputedStyle(element);
      const seen = (style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
      return { there: element.matches(wanted), seen, what: element.outerHTML.slice(0, 120) };
    }, selector);
    assert.ok(stop.seen, `the focus cannot be seen on ${stop.what}`);
    if (stop.there) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`the Tab key never reaches ${selector} on ${page.url()}`);
}
