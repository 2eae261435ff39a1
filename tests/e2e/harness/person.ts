// A person with a browser, played with fetch: cookies, forms with their hidden fields, redirects. No script is run.
import { elementText, linkById, readForms, type Form } from './html_form.ts';

export interface Account {
  login: string;
  password: string;
}

export interface Page {
  url: string;
  status: number;
  headers: Headers;
  html: string;
}

export class Person {
  readonly origin: string;
  readonly account: Account;
  readonly cookies = new Map<string, string>();

  constructor(origin: string, account: Account) {
    this.origin = origin;
    this.account = account;
  }

  // A second browser of nobody: no cookies.
  stranger(): Person {
    return new Person(this.origin, this.account);
  }

  // The page of the link names the login; the account takes it over.
  async becomeOwner(link: string): Promise<Page> {
    const page = await this.open(link);
    const form = formWith(page, 'password');
    this.account.login = elementText(page.html, 'login');
    const fields = new Map([...form.fields, ['password', this.account.password], ['repeat', this.account.password]]);
    const done = await this.submit(page, form, fields);
    if (done.status >= 400 || done.url.includes('/auth/')) throw new Error(`the owner could not be set up: ${describe(done)}`);
    return done;
  }

  async signIn(): Promise<Page> {
    return this.signInOn(await this.open('/auth/login'));
  }

  async saveCredential(slug: string, values: Record<string, string>): Promise<Page> {
    const page = await this.open(`/settings/connections/${slug}`);
    const form = formWith(page, Object.keys(values)[0] ?? '');
    return this.submit(page, form, new Map([...form.fields, ...Object.entries(values)]));
  }

  // Which tools are listed to this person's clients.
  async chooseTools(listing: 'automatic' | 'all' | 'search'): Promise<Page> {
    const page = await this.open('/settings/connect');
    const form = formWith(page, 'listing');
    return this.submit(page, form, new Map([...form.fields, ['listing', listing]]));
  }

  // What the pages call the connection to a vendor: working, rejected, unreachable, needs_key, down …
  async connectionState(slug: string): Promise<string> {
    return stateOn(await this.open(`/settings/connections/${slug}`));
  }

  // Follows an authorization URL through sign-in and consent, up to the address the browser would call at the client.
  async approve(authorizeUrl: string, decision: 'approve' | 'deny' = 'approve'): Promise<string> {
    let page = await this.request(authorizeUrl);
    for (let step = 0; step < 12; ++step) {
      const next = await this.nextStep(page, decision);
      if (typeof next === 'string') return next;
      page = next;
    }
    throw new Error(`the authorization does not end: ${describe(page)}`);
  }

  private async nextStep(page: Page, decision: string): Promise<Page | string> {
    const location = page.headers.get('location');
    if (page.status >= 300 && page.status < 400 && location) {
      const target = new URL(location, page.url);
      return target.origin === this.origin ? this.request(target.href) : target.href;
    }
    const handOver = linkById(page.html, 'continue');
    if (handOver) return new URL(handOver, page.url).href;
    const forms = readForms(page.html);
    const consent = forms.find((form) => form.buttons.some((b) => b.name === 'decision' && b.value === decision));
    if (consent) return this.send(page, consent, new Map([...consent.fields, ['decision', decision]]));
    const login = forms.find((form) => form.fields.has('password'));
    if (login) return this.send(page, login, this.credentials(login));
    throw new Error(`neither sign-in, consent nor a way on: ${describe(page)}`);
  }

  private async signInOn(page: Page): Promise<Page> {
    const form = formWith(page, 'password');
    const done = await this.submit(page, form, this.credentials(form));
    if (done.status >= 400 || /\/auth\/login/.test(new URL(done.url).pathname)) {
      throw new Error(`sign-in failed: ${describe(done)}`);
    }
    return done;
  }

  private credentials(form: Form): Map<string, string> {
    return new Map([...form.fields, ['login', this.account.login], ['password', this.account.password]]);
  }

  // Opens a page and follows redirects inside the gateway.
  async open(path: string): Promise<Page> {
    return this.settle(await this.request(path));
  }

  async submit(page: Page, form: Form, fields: Map<string, string>): Promise<Page> {
    return this.settle(await this.send(page, form, fields));
  }

  private send(page: Page, form: Form, fields: Map<string, string>): Promise<Page> {
    const target = new URL(form.action || page.url, page.url);
    if (form.method === 'GET') {
      target.search = new URLSearchParams([...fields]).toString();
      return this.request(target.href);
    }
    return this.request(target.href, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: this.origin, 'sec-fetch-site': 'same-origin' },
      body: new URLSearchParams([...fields]).toString(),
    });
  }

  private async settle(page: Page): Promise<Page> {
    let now = page;
    for (let hops = 0; hops < 10; ++hops) {
      const location = now.headers.get('location');
      if (now.status < 300 || now.status >= 400 || !location) return now;
      now = await this.request(new URL(location, now.url).href);
    }
    throw new Error(`too many redirects: ${describe(now)}`);
  }

  // One request, no redirect followed.
  async request(path: string, init: RequestInit = {}): Promise<Page> {
    const url = new URL(path, this.origin).href;
    const headers = new Headers(init.headers);
    headers.set('accept', headers.get('accept') ?? 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8');
    if (this.cookies.size > 0) headers.set('cookie', [...this.cookies].map(([k, v]) => `${k}=${v}`).join('; '));
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    this.keepCookies(response.headers);
    return { url, status: response.status, headers: response.headers, html: await response.text() };
  }

  private keepCookies(headers: Headers): void {
    for (const line of headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';');
      const name = pair.slice(0, pair.indexOf('=')).trim();
      const gone = attributes.some((a) => /^\s*max-age\s*=\s*(0|-\d+)/i.test(a));
      if (gone) this.cookies.delete(name);
      else this.cookies.set(name, pair.slice(pair.indexOf('=') + 1));
    }
  }
}

export function formWith(page: Page, field: string): Form {
  const form = readForms(page.html).find((candidate) => candidate.fields.has(field));
  if (!form) throw new Error(`no form with the field "${field}": ${describe(page)}`);
  return form;
}

export const stateOn = (page: Page): string => /data-state="(\w+)"/.exec(page.html)?.[1] ?? describe(page);

export function describe(page: Page): string {
  return `${page.status} ${page.url}\n${page.html.slice(0, 3_000)}`;
}
