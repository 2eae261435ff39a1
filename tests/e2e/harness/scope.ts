// What a test needs and leaves nothing of: directories, programs, servers. Ended in reverse order of their making.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

import { root } from './places.ts';

type Ending = () => unknown;

export class Scope {
  private readonly endings: Ending[] = [];
  readonly name: string;
  private readonly didFail: () => boolean;

  constructor(name: string, didFail: () => boolean) {
    this.name = name;
    this.didFail = didFail;
  }

  // The scope of one test: everything ends with it.
  static of(t: TestContext): Scope {
    const outcome = t as TestContext & { error?: unknown }; // there since Node 22, not yet in its types
    const scope = new Scope(t.name, () => outcome.error !== null && outcome.error !== undefined);
    t.after(() => scope.end());
    return scope;
  }

  atEnd(ending: Ending): void {
    this.endings.push(ending);
  }

  async end(): Promise<void> {
    for (let ending = this.endings.pop(); ending; ending = this.endings.pop()) await ending();
  }

  directory(purpose: string): string {
    const path = mkdtempSync(join(tmpdir(), `mcpgw-e2e-${purpose}-`));
    this.atEnd(() => rmSync(path, { recursive: true, force: true, maxRetries: 3 }));
    return path;
  }

  // A failed test shows this text, and keeps the whole of it below build/reports/logs.
  showOnFailure(title: string, text: () => string): void {
    this.atEnd(() => {
      if (!this.didFail()) return;
      const whole = text();
      const directory = join(root, 'build/reports/logs');
      mkdirSync(directory, { recursive: true });
      const file = join(directory, `${this.name}.${title}`.replace(/[^a-z0-9.]+/gi, '_').slice(0, 120) + '.log');
      writeFileSync(file, whole);
      console.log(`--- ${title} (whole: ${file})\n${whole.slice(-6_000)}\n--- end of ${title}`);
    });
  }
}
