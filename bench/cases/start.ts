// Small things that everybody notices: how long a start takes, what an idle gateway holds, how large the program is.
import { execFileSync } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { freePort } from '../../tests/e2e/harness/free_port.ts';
import { root } from '../../tests/e2e/harness/places.ts';
import { Program } from '../../tests/e2e/harness/program.ts';
import { pause } from '../../tests/e2e/harness/wait.ts';
import { cpuNanoseconds, memory } from '../runner/process.ts';
import { atMost, type Report } from '../runner/report.ts';
import { median } from '../runner/rounds.ts';
import { built, type Setting } from '../runner/setting.ts';
import { ask } from '../runner/target.ts';

export const about = 'from the start to an answer of /health, idle memory, size of the program';

const binary = () => built('src/cli/mcp-gateway');
const mebibyte = 2 ** 20;

export async function run(setting: Setting): Promise<Report> {
  const first: Start[] = [];
  const again: Start[] = [];
  for (let repeat = 0; repeat < setting.repeats; ++repeat) {
    const configuration = await configure(setting);
    first.push(await startOnce(configuration));
    again.push(await startOnce(configuration));
  }
  const of = (starts: Start[], key: keyof Start) => median(starts.map((start) => start[key]));
  const size = strippedSize(setting);
  const row = (name: string, starts: Start[]) => [
    name, Math.round(of(starts, 'milliseconds')), Math.round(of(starts, 'cpu')), (of(starts, 'rss') / mebibyte).toFixed(1),
  ];
  return {
    tables: [
      {
        title: `Medians; the stripped program has ${(size / mebibyte).toFixed(1)} MiB`,
        columns: ['', 'ms to /health', 'CPU ms', 'resident MiB, idle'],
        rows: [row('first start: keys and database are made', first), row('later start', again)],
      },
    ],
    goals: [
      atMost('first start: ms', of(first, 'milliseconds'), 100),
      atMost('later start: ms', of(again, 'milliseconds'), 100),
      atMost('idle: resident MiB', of(again, 'rss') / mebibyte, 20),
      atMost('stripped program: MiB', size / mebibyte, 20),
    ],
    notes: ['Shipped catalog, no demo vendors, one I/O thread per core.'],
    measurements: { first, again, strippedBytes: size },
  };
}

interface Start {
  milliseconds: number;
  cpu: number; // milliseconds too: what is left of the time on a quiet machine
  rss: number;
}

interface Configuration {
  file: string;
  url: string;
}

async function configure(setting: Setting): Promise<Configuration> {
  const directory = setting.scope.directory('start');
  const listen = `127.0.0.1:${await freePort()}`;
  const file = join(directory, 'gateway.yaml');
  const settings = {
    listen,
    data_dir: join(directory, 'data'),
    metrics: { listen: '127.0.0.1:0' },
    vendors: { catalog: join(root, 'catalog'), demo: false },
  };
  writeFileSync(file, JSON.stringify(settings));
  return { file, url: `http://${listen}` };
}

async function startOnce({ file, url }: Configuration): Promise<Start> {
  const begin = performance.now();
  const program = new Program({ command: binary(), args: ['serve', '--config', file] });
  const health = { method: 'GET', path: '/health', headers: {}, body: '' };
  const target = { url, headers: {}, tool: '' };
  while (!(await ask(target, health).then((answer) => answer.status === 200, () => false))) {
    await pause(1);
    if (program.exit || performance.now() - begin > 10_000) throw new Error(`it does not start: ${program.output}`);
  }
  const milliseconds = performance.now() - begin;
  const cpu = cpuNanoseconds(program.pid) / 1e6;
  await pause(1000); // what belongs to the start comes to rest
  const rss = memory(program.pid, 'VmRSS');
  await program.stop();
  return { milliseconds, cpu, rss };
}

function strippedSize(setting: Setting): number {
  const file = join(setting.scope.directory('stripped'), 'mcp-gateway');
  execFileSync('strip', ['-o', file, binary()]);
  return statSync(file).size;
}
