// Where and with what was measured: a number without these is of no use to anybody.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { join } from 'node:path';

import { pause } from '../../tests/e2e/harness/wait.ts';
import { built } from './setting.ts';

// Some programs tell their version on the error output, or with a status that is not 0.
function says(command: string, args: string[], pattern: RegExp): string {
  const { stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  return pattern.exec(`${stdout}\n${stderr}`)?.[1] ?? 'unknown';
}

// Of the sources that were built, which need not be those of this script; unknown when they have changed since.
function commit(): string {
  const git = (...args: string[]) => execFileSync('git', ['-C', built('.'), ...args], { encoding: 'utf8', stdio: 'pipe' }).trim();
  try {
    const top = git('rev-parse', '--show-toplevel');
    const sources = git('ls-files', '--full-name', ':/src', ':/bench/stub', ':/bench/relay', ':/cmake', ':/CMakeLists.txt').split('\n');
    const changed = (file: string) => statSync(join(top, file), { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
    if (sources.some((file) => changed(file) > statSync(gateway()).mtimeMs)) return 'unknown, sources are newer than the build';
    return git('rev-parse', '--short=12', 'HEAD') + (git('status', '--porcelain', '--', ':/src') ? ' with changes' : '');
  } catch {
    return 'unknown';
  }
}

const gateway = () => built('src/cli/mcp-gateway');

export function machine() {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
    kernel: release(),
    load: loadavg(),
  };
}

// The share of the processors' time that others take right now. The load of the last minute would count a run before this one.
export async function busyShare(): Promise<number> {
  const times = () => cpus().map(({ times }) => ({ idle: times.idle, all: Object.values(times).reduce((a, b) => a + b, 0) }));
  const before = times();
  await pause(1000);
  const after = times();
  const sum = (key: 'idle' | 'all') => after.reduce((total, cpu, number) => total + cpu[key] - (before[number]?.[key] ?? 0), 0);
  return 1 - sum('idle') / sum('all');
}

export function versions() {
  return {
    commit: commit(),
    gateway: createHash('sha256').update(readFileSync(gateway())).digest('hex').slice(0, 12), // of the program's file
    compiler: says('clang++-19', ['--version'], /version (\S+)/),
    nginx: says('nginx', ['-v'], /nginx\/(\S+)/),
    haproxy: says('haproxy', ['-v'], /version (\S+)/),
    wrk: says('wrk', ['-v'], /wrk (\S+)/),
    node: process.version,
  };
}
