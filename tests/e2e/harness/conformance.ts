// The official conformance suite as a program: run against a URL, with a bearer token where one is wanted.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

import { freePort } from './free_port.ts';
import type { Kind } from './peer.ts';
import { here, node, preloads, programs } from './places.ts';
import { Program } from './program.ts';
import type { Scope } from './scope.ts';
import { untilTrue } from './wait.ts';

export interface Check {
  scenario: string;
  id: string;
  status: string; // SUCCESS, FAILURE, WARNING, INFO, SKIPPED
  description: string;
  errorMessage?: string;
}

export interface Verdict {
  exitCode: number | null;
  output: string;
  passed: number;
  failed: number;
  checks: Check[];
}

export type Requirements = '2025-11-25' | '2026-07-28';

// Every server scenario of the set, those that are not scored included.
export async function runServerSuite(scope: Scope, url: string, requirements: Requirements, bearer?: string): Promise<Verdict> {
  const directory = scope.directory('conformance');
  const program = new Program({
    command: node,
    args: [
      ...(bearer ? ['--import', preloads.bearer] : []),
      ...[programs.conformance, 'server', '--url', url, '--requirements', requirements, '-o', directory],
    ],
    env: bearer ? { E2E_BEARER_ORIGIN: new URL(url).origin, E2E_BEARER_TOKEN: bearer } : {},
    cwd: directory,
  });
  scope.showOnFailure('conformance', () => program.output);
  const exit = await program.exited;
  return verdict(exit.code, program.output, directory);
}

// The client scenarios that a set requires, by the suite's own word.
export async function requiredClientScenarios(scope: Scope, requirements: Requirements): Promise<string[]> {
  const args = [programs.conformance, 'list', '--requirements', requirements];
  const program = new Program({ command: node, args, cwd: scope.directory('conformance-list') });
  await program.exited;
  const [, listed] = program.output.split(/^Client scenarios.*$/m);
  return [...(listed ?? '').matchAll(/^ {2}- (\S+)/gm)].map(([, name]) => name ?? '');
}

// One client scenario: the suite starts harness/scenario_driver.ts, the gateway with an official client behind it.
export async function runClientScenario(scope: Scope, scenario: string, requirements: Requirements, kind: Kind): Promise<Verdict> {
  const directory = scope.directory('conformance-client');
  const driver = `${node} ${join(here, 'scenario_driver.ts')} --kind '${kind}'`;
  const program = new Program({
    command: node,
    args: [
      ...['--import', preloads.loopbackOnly, programs.conformance, 'client', '--command', driver],
      ...['--scenario', scenario, '--spec-version', requirements, '-o', directory],
    ],
    cwd: directory,
  });
  scope.showOnFailure(`conformance-client ${scenario}`, () => program.output);
  scope.atEnd(() => program.stop(1_000));
  const exit = await program.exited;
  return verdict(exit.code, program.output, directory);
}

// Both authorization-server scenarios. The suite prints an address and waits; `open` plays the browser that goes there.
export async function runAuthorizationSuite(
  scope: Scope,
  options: { issuer: string; clientId: string; resource: string; open: (authorizeUrl: string) => Promise<string> },
): Promise<Verdict> {
  const directory = scope.directory('conformance-as');
  const port = String(await freePort());
  const program = new Program({
    command: node,
    args: [
      ...[programs.conformance, 'authorization', '--url', options.issuer, '--client-id', options.clientId],
      ...['--resource', options.resource, '--port', port, '-o', directory],
    ],
    cwd: directory,
  });
  scope.showOnFailure('conformance-as', () => program.output);
  scope.atEnd(() => program.stop(1_000));
  const [authorizeUrl] = await program.waitFor(/^\s*http\S*[?&]response_type=code\S*/m, 60_000);
  const callback = await options.open(authorizeUrl.trim());
  await untilTrue(() => listens(Number(port))); // the suite names its callback before it listens there
  await fetch(callback);
  const exit = await program.exited;
  return verdict(exit.code, program.output, directory);
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(port, '127.0.0.1', () => resolve(true));
    probe.on('error', () => resolve(false));
    probe.on('connect', () => probe.destroy());
  });
}

export function verdict(exitCode: number | null, output: string, directory: string): Verdict {
  const checks = readChecks(directory);
  const count = (status: string) => checks.filter((check) => check.status === status).length;
  return { exitCode, output, passed: count('SUCCESS'), failed: count('FAILURE'), checks };
}

function readChecks(directory: string): Check[] {
  return readdirSync(directory)
    .map((name) => ({ scenario: name.replace(/^server-|-\d{4}-\d{2}-\d{2}T.*$/g, ''), file: join(directory, name, 'checks.json') }))
    .filter(({ file }) => existsSync(file))
    .flatMap(({ scenario, file }) =>
      (JSON.parse(readFileSync(file, 'utf8')) as Check[]).map((check) => ({ ...check, scenario })),
    );
}

// What to compare two runs by: each check's outcome, the informational ones left out.
export function outcomes(verdict: Verdict): string[] {
  return verdict.checks
    .filter((check) => check.status !== 'INFO')
    .map((check) => `${check.scenario} / ${check.id}: ${check.status}`)
    .sort();
}

export function failures(verdict: Verdict): string {
  return verdict.checks
    .filter((check) => check.status === 'FAILURE')
    .map((check) => `${check.scenario} / ${check.id}: ${check.errorMessage ?? check.description}`)
    .join('\n');
}
