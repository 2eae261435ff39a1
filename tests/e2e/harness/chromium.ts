// A real browser on the pages: Debian's headless Chromium, where every policy violation and script error is a failure.
import { chromium, type BrowserContext, type Page } from 'playwright-core';

import type { Scope } from './scope.ts';

export type { BrowserContext, Page } from 'playwright-core';

const executable = process.env['E2E_CHROMIUM'] ?? '/usr/bin/chromium-headless-shell';

export interface Surf {
  context: BrowserContext;
  page: Page;
  violations: string[]; // of the content security policy, and errors of scripts
}

export async function surf(scope: Scope, options: { javaScript?: boolean; dark?: boolean } = {}): Promise<Surf> {
  const browser = await chromium.launch({ executablePath: executable, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  scope.atEnd(() => browser.close());
  const context = await browser.newContext({
    javaScriptEnabled: options.javaScript ?? true,
    colorScheme: options.dark ? 'dark' : 'light',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  context.setDefaultTimeout(15_000);
  const violations: string[] = [];
  const page = await context.newPage();
  watch(page, violations);
  scope.showOnFailure('pages', () => violations.join('\n'));
  return { context, page, violations };
}

function watch(page: Page, violations: string[]): void {
  page.on('pageerror', (error) => violations.push(`script error: ${error.message}`));
  page.on('console', (message) => {
    const words = message.text();
    if (/content.security.policy/i.test(words)) violations.push(`policy: ${words}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 500) violations.push(`${response.status()} ${response.url()}`);
  });
}
