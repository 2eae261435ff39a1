// A script of this folder in a process of its own, beside the load: for each line that it reads it does something, and says a
// line when that is done.
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import type { Scope } from '../../tests/e2e/harness/scope.ts';
import { loadCpu } from './setting.ts';

export class Helper {
  private readonly child: ChildProcess;
  private readonly lines: Interface;
  private readonly ended: Promise<never>;

  constructor(scope: Scope, script: string, args: string[]) {
    const program = fileURLToPath(new URL(script, import.meta.url));
    this.child = spawn('taskset', ['-c', loadCpu, process.execPath, program, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    scope.atEnd(() => this.end());
    this.lines = createInterface({ input: this.child.stdout! });
    this.ended = new Promise((_, reject) => this.child.once('exit', (code) => reject(new Error(`${script} ended with ${code}`))));
    this.ended.catch(() => {}); // whoever waits for a line is told
  }

  // With it end the connections that it holds.
  end(): void {
    this.child.kill('SIGKILL');
  }

  async ask(line: string): Promise<string> {
    const said = new Promise<string>((resolve) => this.lines.once('line', resolve));
    this.child.stdin!.write(`${line}\n`);
    return Promise.race([said, this.ended]);
  }
}
