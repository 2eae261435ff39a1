// Where and with what was measured: a number without these is of no use to anybody.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem } from 'node:os';

import { built } from './setting.ts';

// Some programs tell their version on the error output, or with a status that is not 0.
function says(command: string, args: string[], pattern: RegExp): string {
  const { stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  return pattern.exec(`${stdout}\n${stderr}`)?.[1] ?? 'unknown';
}

// Of the sources that were built, which need not be those of this script.
function commit(): string {
  const git = (...args: string[]) => execFileSync('git', ['-C', built('.'), ...args], { encoding: 'utf8' }).trim();
  try {
    const changed = git('status', '--porcelain', '--untracked-files=no', '--', ':/src', ':/bench/stub', ':/bench/relay');
    return git('rev-parse', '--short=12', 'HEAD') + (changed ? ' with changes' : '');
  } catch {
    return 'unknown';
  }
}

export function machine() {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
    kernel: release(),
    load: loadavg(), // over 1, 5 and 15 minutes: anything beside the benchmark makes it worth less
  };
}

export function versions() {
  return {
    commit: commit(),
    compiler: says('clang++-19', ['--version'], /version (\S+)/),
    nginx: says('nginx', ['-v'], /nginx\/(\S+)/),
    haproxy: says('haproxy', ['-v'], /version (\S+)/),
    wrk: says('wrk', ['-v'], /wrk (\S+)/),
    node: process.version,
  };
}
