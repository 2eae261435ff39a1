// $BROWSER for a program whose pages the test opens itself: the address that the program wanted to open.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { noter } from './places.ts';
import type { Scope } from './scope.ts';
import { untilTrue } from './wait.ts';

export class NotedBrowser {
  readonly environment: Record<string, string>;
  private readonly file: string;

  constructor(scope: Scope) {
    this.file = join(scope.directory('noted'), 'addresses');
    this.environment = { BROWSER: noter, DISPLAY: '', E2E_BROWSER_NOTE: this.file };
  }

  async address(milliseconds = 30_000): Promise<string> {
    const noted = () => (existsSync(this.file) ? readFileSync(this.file, 'utf8').trim().split('\n') : []);
    await untilTrue(() => noted().length > 0, milliseconds);
    return noted().at(-1) ?? '';
  }
}
