// Many people at once, signed in: rows of the database, since a password's hash takes a tenth of a second by intent.
import { execFileSync } from 'node:child_process';
import { createHash, createHmac, hkdfSync, randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Gateway } from '../../tests/e2e/harness/gateway.ts';
import { Person } from '../../tests/e2e/harness/person.ts';

// Runs statements while the gateway is stopped.
export async function changeDatabase(gateway: Gateway, statements: string): Promise<void> {
  await gateway.stop();
  execFileSync('sqlite3', [join(gateway.dataDirectory, 'gateway.db')], { input: `BEGIN;\n${statements}\nCOMMIT;\n` });
  await gateway.startAgain();
}

export async function addPeople(gateway: Gateway, count: number): Promise<Person[]> {
  const key = cookieKey(gateway);
  const now = Date.now() * 1000;
  const later = now + 6 * 3600 * 1e6;
  const people: Person[] = [];
  const rows: string[] = [];
  for (let number = 0; number < count; ++number) {
    const user = randomUUID();
    const login = `person-${number}@example.com`;
    const session = randomBytes(32).toString('base64url');
    const name = createHash('sha256').update(session).digest('hex');
    rows.push(
      `INSERT INTO users (id, login, login_key, display_name, role, created_at) VALUES ('${user}', '${login}', '${login}', '${login}', 'member', ${now});`,
      `INSERT INTO browser_sessions VALUES ('${name}', '${user}', 'bench', ${now}, ${now}, ${later});`,
    );
    const person = new Person(gateway.url, { login, password: '' });
    person.cookies.set('mcpgw', `${session}.${createHmac('sha256', key).update(`session:${session}`).digest('base64url')}`);
    people.push(person);
  }
  await changeDatabase(gateway, rows.join('\n'));
  return people;
}

// docs/formats/sealed-record.md, "Other keys"
function cookieKey(gateway: Gateway): Buffer {
  const [, master = ''] = /^1:(\S+)/m.exec(readFileSync(join(gateway.dataDirectory, 'master.key'), 'utf8')) ?? [];
  return Buffer.from(hkdfSync('sha256', Buffer.from(master, 'base64url'), 'mcp-gateway vault 1', 'purpose:browser-session', 32));
}
