// The played person behind $BROWSER: follows an authorization address to its end and calls the client's callback.
// The browser's cookies live in a file, as one browser serves every client of a person.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

import { Person } from './person.ts';

const address = process.argv[2] ?? '';
const jar = process.env['E2E_BROWSER_JAR'] ?? '';
const person = new Person(new URL(address).origin, {
  login: process.env['E2E_BROWSER_LOGIN'] ?? '',
  password: process.env['E2E_BROWSER_PASSWORD'] ?? '',
});

console.log(`opened ${address}`);
if (existsSync(jar)) {
  for (const [name, value] of JSON.parse(readFileSync(jar, 'utf8'))) person.cookies.set(name, value);
}
try {
  const callback = await person.approve(address);
  const arrived = await fetch(callback);
  console.log(`called back ${callback.split('?')[0]}: ${arrived.status}`);
  // Whole or not at all: others that were opened at the same time read it.
  writeFileSync(`${jar}.${process.pid}`, JSON.stringify([...person.cookies]));
  renameSync(`${jar}.${process.pid}`, jar);
} catch (error) {
  console.log(`failed ${address}\n${error instanceof Error ? error.stack : error}`);
  process.exitCode = 1;
}
