// How the cost of a call grows with what there is: vendors, tools, people, sessions, stored keys; and with its answer. What
// does not belong to a call must not make it dearer.
import { McpHttp } from '../../tests/e2e/harness/mcp_http.ts';
import { bearerFor, OAuthClient } from '../../tests/e2e/harness/token.ts';
import { untilTrue } from '../../tests/e2e/harness/wait.ts';
import { callsInTurn, isCalled } from '../runner/calls.ts';
import { saveKeys, sessionTarget, startGateway, stubVendor, type Running } from '../runner/gateway.ts';
import { peakGrowth } from '../runner/peak.ts';
import { addPeople, changeDatabase } from '../runner/people.ts';
import { startStub, type Server } from '../runner/pinned.ts';
import { atMost, measurementsOf, type Cell, type Goal, type Report, type Table } from '../runner/report.ts';
import { Rounds, type Side } from '../runner/rounds.ts';
import type { Setting } from '../runner/setting.ts';
import type { Target } from '../runner/target.ts';

export const about = 'the cost of a call with more vendors, tools, people, sessions and stored credentials, and larger answers';

const connections = 32;

interface Series {
  of: string; // what there are 1, 10, 100 … of
  counts: number[];
  start(setting: Setting, stub: Server, counts: number[]): Promise<Target[][]>; // those that call in turn, for each count
  goal?: string; // the last count must not cost much more than the first
  bytes?: (count: number) => number; // of an answer
}

const all: Series[] = [
  { of: 'vendors', counts: [1, 10, 100, 1000], start: vendors, goal: '1000 vendors, all with health checks, to 1' },
  { of: 'tools of a vendor', counts: [1, 100, 1000, 4000], start: tools },
  { of: 'people', counts: [1, 10, 100, 1000], start: people, goal: '1000 people, each with a key of their own, to 1' },
  { of: 'sessions of one person', counts: [1, 100, 10_000], start: sessions },
  { of: 'stored credentials of others', counts: [0, 1_000_000], start: credentials, goal: '1000000 stored credentials of others, to none' },
  { of: 'KiB of an answer', counts: [1, 4, 16, 64, 256, 1024], start: answers, bytes: (count) => count * 1024 },
];

export async function run(setting: Setting): Promise<Report> {
  const stub = await startStub(setting.scope);
  const tables: Table[] = [];
  const goals: Goal[] = [];
  const measurements: Record<string, unknown> = {};
  for (const series of all) {
    const sides = sidesOf(series, await series.start(setting, stub, series.counts));
    const targets = sides.map(({ target }) => target);
    const { done: rounds, growth } = await peakGrowth(targets, () => Rounds.run(setting, sides, [connections]));
    measurements[series.of] = { rounds: measurementsOf(rounds), growth };
    tables.push(table(series, rounds, sides, growth));
    if (series.goal) {
      const [first = '', last = ''] = [sides.at(0)?.name, sides.at(-1)?.name];
      goals.push(atMost(`CPU of a call: ${series.goal}`, rounds.ratio(last, first, connections, 'cpu'), 1.1));
    }
  }
  return { tables, goals, measurements };
}

function sidesOf({ counts, bytes = () => 1024 }: Series, callers: Target[][]): Side[] {
  return counts.map((count, number) => {
    const targets = callers[number] ?? [];
    const [target] = targets;
    if (!target) throw new Error('nobody calls');
    return { name: String(count), target, requests: callsInTurn(targets), right: isCalled(bytes(count)) };
  });
}

function table({ of, counts, bytes }: Series, rounds: Rounds, sides: Side[], growth: number[]): Table {
  const base = sides[0]?.name ?? '';
  const rows = sides.map(({ name }, number): Cell[] => {
    const median = (key: 'requestsPerSecond' | 'p50' | 'cpu') => rounds.median(name, connections, key);
    const ratio = `${rounds.ratio(name, base, connections, 'cpu').toFixed(2)}x`;
    const grown = ((growth[number] ?? NaN) / 2 ** 20).toFixed(1);
    const row = [counts[number] ?? NaN, Math.round(median('requestsPerSecond')), median('p50'), Math.round(median('cpu') * 10) / 10, ratio];
    return bytes ? [...row, grown] : row;
  });
  const columns = [of, 'requests/s', 'p50 us', 'CPU us', `CPU to ${base}`, ...(bytes ? ['peak growth MiB'] : [])];
  return { title: `By ${of}, ${connections} connections`, columns, rows };
}

const urlOf = (stub: Server, options = '-') => `http://127.0.0.1:${stub.port}/${options}/mcp`;

// A gateway with so many vendors at that address; its owner has a key for the first one.
async function start(setting: Setting, url: string, { vendors = 1, config = {} } = {}): Promise<Running> {
  const definitions = Array.from({ length: vendors }, (_, index) => stubVendor(`vendor-${index}`, url));
  const running = await startGateway(setting, { vendors: definitions, config });
  await saveKeys(running.owner, ['vendor-0']);
  return running;
}

const caller = (running: Running, bearer?: string, tool = 0) =>
  sessionTarget(running, running.gateway.mcpUrl, `vendor-0__tool_${tool}`, bearer);

// All with health checks; one is called.
async function vendors(setting: Setting, stub: Server, counts: number[]): Promise<Target[][]> {
  const found = [];
  for (const count of counts) found.push([await caller(await start(setting, urlOf(stub), { vendors: count }))]);
  return found;
}

// The last one is called, once the gateway has the whole list.
async function tools(setting: Setting, stub: Server, counts: number[]): Promise<Target[][]> {
  const found = [];
  for (const count of counts) {
    const running = await start(setting, urlOf(stub, `tools=${count}`));
    const client = await McpHttp.open(running.gateway.mcpUrl, await bearerFor(running.owner));
    await untilTrue(async () => (await client.toolNames()).includes(`vendor-0__tool_${count - 1}`));
    found.push([await caller(running, undefined, count - 1)]);
  }
  return found;
}

// Each with a key and a session of their own.
async function people(setting: Setting, stub: Server, counts: number[]): Promise<Target[][]> {
  const { gateway } = await start(setting, urlOf(stub));
  const client = await OAuthClient.register(gateway.url); // the same for all: registrations from one address are limited
  const callers: Target[] = [];
  for (const owner of await addPeople(gateway, Math.max(...counts))) {
    await saveKeys(owner, ['vendor-0']);
    const { accessToken } = await client.tokens(owner);
    callers.push(await caller({ gateway, owner }, accessToken));
  }
  return counts.map((count) => callers.slice(0, count));
}

async function sessions(setting: Setting, stub: Server, counts: number[]): Promise<Target[][]> {
  const many = Math.max(...counts);
  const running = await start(setting, urlOf(stub), { config: { limits: { sessions_per_principal: 2 * many } } });
  const bearer = await bearerFor(running.owner);
  const callers: Target[] = [];
  while (callers.length < many) callers.push(await caller(running, bearer));
  return counts.map((count) => callers.slice(0, count));
}

async function credentials(setting: Setting, stub: Server, counts: number[]): Promise<Target[][]> {
  const found = [];
  for (const count of counts) {
    const running = await start(setting, urlOf(stub));
    await changeDatabase(running.gateway, credentialsOfOthers(count));
    found.push([await caller(running)]);
  }
  return found;
}

// They need not open, since they are never used, but a start looks at their heads: format 1, version 1 of the master key.
const credentialsOfOthers = (count: number) => `
  WITH RECURSIVE numbers (n) AS (SELECT 1 WHERE ${count} > 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count})
  INSERT INTO vault_credentials (id, scope, owner_id, vendor, version, sealed, field_names, state, message, saved_at, tested_at)
  SELECT 'credential-' || n, 'user', 'somebody-' || n, 'vendor-0', n, CAST(x'0100000001' || randomblob(95) AS BLOB), '["api_key"]', 'working', '', 0, NULL FROM numbers;
`;

// A process for each size: its memory's peak is its own.
async function answers(setting: Setting, stub: Server, counts: number[]): Promise<Target[][]> {
  const found = [];
  for (const count of counts) found.push([await caller(await start(setting, urlOf(stub, `bytes=${count * 1024}`)))]);
  return found;
}
