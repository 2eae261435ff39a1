// One measurement: wrk sends requests to one target for some seconds.
import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { contextSwitches, cpuNanoseconds } from './process.ts';
import { loadCpu } from './setting.ts';
import type { HttpRequest, Target } from './target.ts';

export interface Load {
  target: Target;
  requests: HttpRequest[]; // sent in turn
  connections: number;
  seconds: number;
  answerBytes: number; // what a right answer is at least
  directory: string; // for the load generator's script
}

export interface Measured {
  requestsPerSecond: number;
  bytesPerSecond: number;
  p50: number; // microseconds, like all latencies
  p99: number;
  cpu: number; // microseconds per request, of the process under test
  switches: number; // per request, likewise
}

interface Summary {
  requests: number;
  microseconds: number;
  bytes: number;
  errors: Record<string, number>;
  p50: number;
  p99: number;
}

const script = readFileSync(fileURLToPath(new URL('load.lua', import.meta.url)), 'utf8');

export async function measure(load: Load): Promise<Measured> {
  const { pid } = load.target;
  const before = pid ? { cpu: cpuNanoseconds(pid), switches: contextSwitches(pid) } : undefined;
  const summary = await wrk(load);
  const after = pid ? { cpu: cpuNanoseconds(pid), switches: contextSwitches(pid) } : undefined;

  const wrong = Object.entries(summary.errors).filter(([, count]) => count > 0);
  if (wrong.length > 0) throw new Error(`${load.target.url}: errors under load: ${JSON.stringify(Object.fromEntries(wrong))}`);
  // An error that is a JSON-RPC answer has status 200, but not the size of the right one.
  const perAnswer = summary.bytes / summary.requests;
  if (!(perAnswer > 0.98 * load.answerBytes)) {
    throw new Error(`${load.target.url}: wrong answers under load: ${perAnswer.toFixed()} bytes each instead of ${load.answerBytes}`);
  }

  const per = (first: number | undefined, last: number | undefined) => ((last ?? NaN) - (first ?? NaN)) / summary.requests;
  return {
    requestsPerSecond: (summary.requests / summary.microseconds) * 1e6,
    bytesPerSecond: (summary.bytes / summary.microseconds) * 1e6,
    p50: summary.p50,
    p99: summary.p99,
    cpu: per(before?.cpu, after?.cpu) / 1000,
    switches: per(before?.switches, after?.switches),
  };
}

async function wrk(load: Load): Promise<Summary> {
  const file = join(load.directory, `load-${process.hrtime.bigint()}.lua`);
  // JSON's strings are Lua's, as long as they are ASCII.
  const requests = load.requests.map((request) => JSON.stringify(raw(load.target, request))).join(',\n');
  writeFileSync(file, `local requests = {\n${requests}\n}\n${script}`);
  const args = ['-t1', `-c${load.connections}`, `-d${load.seconds}s`, '--timeout', '30s', '--latency', '-s', file, load.target.url];
  try {
    return await run(args);
  } finally {
    rmSync(file);
  }
}

function run(args: string[]): Promise<Summary> {
  return new Promise((resolve, reject) => {
    const child = spawn('taskset', ['-c', loadCpu, 'wrk', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (data: Buffer) => (output += data.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      const summary = /^SUMMARY (.*)$/m.exec(output)?.[1];
      if (code === 0 && summary) resolve(JSON.parse(summary));
      else reject(new Error(`wrk ended with ${code}: ${output}`));
    });
  });
}

function raw(target: Target, request: HttpRequest): string {
  const body = request.body ? { 'content-length': String(request.body.length) } : {};
  const fields = { host: new URL(target.url).host, ...request.headers, ...body };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${request.method} ${request.path} HTTP/1.1\r\n${lines.join('')}\r\n${request.body}`;
}
