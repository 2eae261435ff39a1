// A child process: its output is kept, lines can be waited for, and it never outlives the test.
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

export interface Launch {
  command: string;
  args?: string[];
  env?: Record<string, string>;
  cwd?: string;
}

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export class Program {
  readonly child: ChildProcess;
  readonly exited: Promise<Exit>;
  exit: Exit | undefined;
  output = '';
  private watchers = new Set<() => void>();

  constructor(launch: Launch) {
    this.child = spawn(launch.command, launch.args ?? [], {
      cwd: launch.cwd,
      env: { ...process.env, ...launch.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.on('data', (data: Buffer) => this.take(data));
    this.child.stderr?.on('data', (data: Buffer) => this.take(data));
    this.exited = new Promise((resolve) => {
      const done = (exit: Exit) => {
        this.exit = exit;
        this.watchers.forEach((look) => look());
        resolve(exit);
      };
      this.child.once('error', (error) => {
        this.output += `${error}\n`;
        done({ code: -1, signal: null });
      });
      this.child.once('close', (code, signal) => done({ code, signal }));
    });
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  // The first match in the output from `from` on; fails when the program ends or the time is over.
  waitFor(pattern: RegExp, milliseconds = 30_000, from = 0): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const finish = (act: () => void) => {
        clearTimeout(timer);
        this.watchers.delete(look);
        act();
      };
      const complain = (why: string) => reject(new Error(`${why} while waiting for ${pattern}\n${this.tail()}`));
      const look = () => {
        const found = pattern.exec(this.output.slice(from));
        if (found) finish(() => resolve(found));
        else if (this.exit) finish(() => complain(`the program ended (${JSON.stringify(this.exit)})`));
      };
      const timer = setTimeout(() => finish(() => complain(`${milliseconds} ms passed`)), milliseconds);
      this.watchers.add(look);
      look();
    });
  }

  tail(characters = 12_000): string {
    return this.output.slice(-characters);
  }

  // Asks politely, and insists after the grace.
  async stop(graceMilliseconds = 15_000): Promise<Exit> {
    if (this.exit) return this.exit;
    this.child.kill('SIGTERM');
    const insist = setTimeout(() => this.child.kill('SIGKILL'), graceMilliseconds);
    const exit = await this.exited;
    clearTimeout(insist);
    return exit;
  }

  async kill9(): Promise<Exit> {
    this.child.kill('SIGKILL');
    return this.exited;
  }

  // Resident memory now, in bytes.
  residentBytes(): number {
    return this.statusBytes('VmRSS');
  }

  // Since resetPeak(), or the start.
  peakResidentBytes(): number {
    return this.statusBytes('VmHWM');
  }

  // The peak begins anew: signing in takes 64 MiB for a moment.
  resetPeak(): void {
    writeFileSync(`/proc/${this.pid}/clear_refs`, '5');
  }

  private statusBytes(key: string): number {
    const path = `/proc/${this.pid}/status`;
    if (!existsSync(path)) throw new Error(`the program with id ${this.pid} is gone\n${this.tail()}`);
    const found = new RegExp(`${key}:\\s+(\\d+) kB`).exec(readFileSync(path, 'utf8'));
    return Number(found?.[1] ?? 0) * 1024;
  }

  private take(data: Buffer): void {
    this.output += data.toString('utf8');
    this.watchers.forEach((look) => look());
  }
}
