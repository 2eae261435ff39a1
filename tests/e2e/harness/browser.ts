// The browser of one person as programs start it: through $BROWSER, with one cookie jar for all of them.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Person } from './person.ts';
import { launcher, node } from './places.ts';
import type { Scope } from './scope.ts';

export class Browser {
  readonly environment: Record<string, string>;
  private readonly logFile: string;

  constructor(scope: Scope, person: Person) {
    const directory = scope.directory('browser');
    const jar = join(directory, 'cookies.json');
    this.logFile = join(directory, 'browser.log');
    writeFileSync(jar, JSON.stringify([...person.cookies]));
    this.environment = {
      BROWSER: launcher,
      DISPLAY: '',
      E2E_NODE: node,
      E2E_LAUNCHED: join(dirname(fileURLToPath(import.meta.url)), 'browser_launched.ts'),
      E2E_BROWSER_LOG: this.logFile,
      E2E_BROWSER_JAR: jar,
      E2E_BROWSER_LOGIN: person.account.login,
      E2E_BROWSER_PASSWORD: person.account.password,
    };
    scope.showOnFailure('browser', () => this.log);
  }

  get log(): string {
    return existsSync(this.logFile) ? readFileSync(this.logFile, 'utf8') : '';
  }

  // How many times a program opened it.
  get openings(): number {
    return this.log.match(/^opened /gm)?.length ?? 0;
  }
}
