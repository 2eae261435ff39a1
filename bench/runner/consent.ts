// The consent page, as the person's browser answers it.
import { linkById, readForms } from '../../tests/e2e/harness/html_form.ts';

interface Page {
  url: string;
  html: string;
}

// What the button that approves sends, and where.
export function approval(page: Page): { url: string; headers: Record<string, string>; body: string } {
  const form = readForms(page.html).find(({ buttons }) => buttons.some(({ value }) => value === 'approve'));
  if (!form) throw new Error(`no consent page: ${page.url}\n${page.html.slice(0, 3_000)}`);
  const { origin } = new URL(page.url);
  return {
    url: new URL(form.action || page.url, page.url).href,
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin, 'sec-fetch-site': 'same-origin' },
    body: new URLSearchParams([...form.fields, ['decision', 'approve']]).toString(),
  };
}

// Clients on this machine get a page with a link, the others a redirect.
export function codeOf(page: Page, location: string | null | undefined): string {
  const callback = location ?? linkById(page.html, 'continue') ?? page.url;
  const code = new URL(callback, page.url).searchParams.get('code');
  if (!code) throw new Error(`no code: ${page.url}\n${page.html.slice(0, 3_000)}`);
  return code;
}
