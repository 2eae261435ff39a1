// What the browser tests do again and again, the way a person does it.
import type { Gateway } from '../e2e/harness/gateway.ts';
import type { Page } from '../e2e/harness/chromium.ts';

export const password = 'correct horse battery 42';

// Opens the owner link and sets the password; returns the owner's login.
export async function becomeOwner(page: Page, gateway: Gateway): Promise<string> {
  await page.goto(gateway.ownerLink);
  const login = (await page.locator('#login').innerText()).trim();
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByLabel('The same password again').fill(password);
  await page.getByRole('button', { name: 'Set password' }).click();
  await page.waitForURL(`${gateway.url}/settings**`);
  return login;
}

export async function saveDemoKey(page: Page, gateway: Gateway, key = 'demo-key-1234567890'): Promise<string> {
  await page.goto(`${gateway.url}/settings/connections/demo-tickets`);
  await page.getByLabel('API key').fill(key);
  await page.getByRole('button', { name: 'Save and test' }).click();
  return (await page.locator('[data-state]').first().getAttribute('data-state')) ?? '';
}
