// Idle GET streams of one principal, held by another process.
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import type { Scope } from '../../tests/e2e/harness/scope.ts';
import { loadCpu } from './setting.ts';

const program = fileURLToPath(new URL('streams_load.ts', import.meta.url));

export class Streams {
  private readonly child: ChildProcess;
  private readonly lines: Interface;
  private readonly ended: Promise<never>;

  constructor(scope: Scope, url: string, bearer: string) {
    const args = ['-c', loadCpu, process.execPath, program, url, bearer];
    this.child = spawn('taskset', args, { stdio: ['pipe', 'pipe', 'inherit'] });
    scope.atEnd(() => this.end());
    this.lines = createInterface({ input: this.child.stdout! });
    this.ended = new Promise((_, reject) => this.child.once('exit', (code) => reject(new Error(`the streams' process ended with ${code}`))));
    this.ended.catch(() => {}); // whoever waits for streams is told
  }

  // Of the process, and with it of all streams.
  end(): void {
    this.child.kill('SIGKILL');
  }

  async open(total: number): Promise<void> {
    const done = new Promise<void>((resolve) => this.lines.once('line', () => resolve()));
    this.child.stdin!.write(`${total}\n`);
    await Promise.race([done, this.ended]);
  }
}
