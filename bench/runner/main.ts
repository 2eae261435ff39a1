// bench/run, after everything is built: runs the cases, prints what they found, writes it down.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { Scope } from '../../tests/e2e/harness/scope.ts';
import { caseNamed, caseNames } from './found.ts';
import { busyShare, machine, versions } from './machine.ts';
import { print } from './print.ts';
import type { Report } from './report.ts';
import { contenderCpu } from './setting.ts';

interface Settings {
  repeats: number;
  seconds: number;
}

function readArguments() {
  const options = { repeats: { type: 'string' }, seconds: { type: 'string' }, json: { type: 'string' } } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const number = (text: string | undefined, otherwise: number) => {
    const value = text === undefined ? otherwise : Number(text);
    if (!Number.isInteger(value) || value < 1) throw new Error(`not a number from 1 on: ${text}`);
    return value;
  };
  const unknown = positionals.filter((name) => !caseNames().includes(name));
  if (unknown.length > 0) throw new Error(`no such case: ${unknown.join(', ')}; there are ${caseNames().join(', ')}`);
  return {
    cases: positionals.length > 0 ? positionals : caseNames(),
    settings: { repeats: number(values.repeats, 5), seconds: number(values.seconds, 3) },
    json: values.json,
  };
}

async function runCase(name: string, settings: Settings): Promise<Report> {
  const { about, run } = await caseNamed(name);
  console.log(`\n# ${name}: ${about}`);
  let failure: Error | undefined;
  const scope = new Scope(`bench ${name}`, () => failure !== undefined);
  const report = await run({ ...settings, scope }).catch((error: Error) => {
    failure = error;
  });
  // An ending that fails leaves the others to be done.
  for (let done = false; !done; ) {
    done = await scope.end().then(() => true, (error: Error) => {
      failure ??= error; // what went wrong first says more
      return false;
    });
  }
  if (!report || failure) throw failure;
  return report;
}

function write(file: string, results: object): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(results, null, 1)}\n`);
}

// A case that fails is no measurement; the others are run all the same.
async function main(): Promise<number> {
  const { cases, settings, json } = readArguments();
  process.env['E2E_GATEWAY_BINARY'] = fileURLToPath(new URL('gateway.sh', import.meta.url));
  process.env['BENCH_CPUS'] = contenderCpu;

  const started = new Date().toISOString();
  const before = machine();
  const used = versions();
  const busy = await busyShare();
  console.log(`${before.cores} cores, load ${before.load.map((load) => load.toFixed(2)).join(' ')}, ${JSON.stringify(used)}`);
  if (busy > 0.1) console.log(`BUSY: ${Math.round(busy * 100)} % of the machine are taken by others; trust ratios of CPU, and little else`);
  const reports: Record<string, Report | { failed: string }> = {};
  let failures = 0;
  for (const name of cases) {
    try {
      const report = await runCase(name, settings);
      print(report);
      reports[name] = report;
    } catch (error) {
      ++failures;
      console.log(`FAILED: ${name}: ${(error as Error).stack}`);
      reports[name] = { failed: (error as Error).message };
    }
    if (json) write(json, { started, machine: { ...before, busy, loadAfter: machine().load }, versions: used, settings, reports });
  }
  const goals = Object.values(reports).flatMap((report) => ('goals' in report ? report.goals : []));
  const met = goals.filter((goal) => goal.met).length;
  console.log(`\nload at the end ${machine().load.map((load) => load.toFixed(2)).join(' ')}`);
  console.log(`GOALS: ${met} met, ${goals.length - met} missed; cases: ${cases.length - failures} measured, ${failures} failed`);
  return failures > 0 ? 1 : 0;
}

process.exit(await main());
