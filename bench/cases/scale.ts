// What does not belong to a call must not make it dearer: other people, other vendors, other people's credentials.
import { OAuthClient } from '../../tests/e2e/harness/token.ts';
import { calls, isCalled } from '../runner/calls.ts';
import { saveKeys, sessionTarget, startGateway, stubVendor, type Running } from '../runner/gateway.ts';
import { addPeople, changeDatabase } from '../runner/people.ts';
import { startStub } from '../runner/pinned.ts';
import { atMost, comparison, measurementsOf, type Report } from '../runner/report.ts';
import { Rounds, type Side } from '../runner/rounds.ts';
import type { Setting } from '../runner/setting.ts';

export const about = 'the cost of a call with 1 and 1,000 people, 1 and 1,000 vendors, 1 and 1,000,000 stored credentials';

const connections = 32;
const many = 1000;
const storedCredentials = 1_000_000;
const right = isCalled(1024);

const groups = [
  { what: `${many} people, each with a key of their own, to 1`, base: 'one person', side: `${many} people` },
  { what: `${many} vendors, all with health checks, to 1`, base: 'one vendor', side: `${many} vendors` },
  { what: `${storedCredentials} stored credentials of others, to none`, base: 'one vendor', side: `${storedCredentials} credentials` },
];

export async function run(setting: Setting): Promise<Report> {
  const stub = await startStub(setting.scope);
  const url = `http://127.0.0.1:${stub.port}/-/mcp`;
  const one = await start(setting, url, 1);
  const vendors = await start(setting, url, many);
  const credentials = await start(setting, url, 1);
  await changeDatabase(credentials.gateway, credentialsOfOthers);
  const people = await start(setting, url, 1);
  const persons = await addPeople(people.gateway, many);

  const sides = [
    await side('one vendor', [one]),
    await side(`${many} vendors`, [vendors]),
    await side(`${storedCredentials} credentials`, [credentials]),
    await side('one person', [people]),
    await side(`${many} people`, persons.map((owner) => ({ gateway: people.gateway, owner }))),
  ];
  const rounds = await Rounds.run(setting, sides, [connections]);
  return {
    tables: groups.map(({ what, base, side }) => comparison(what, rounds, [base, side], base, [connections])),
    goals: groups.map(({ what, base, side }) => atMost(`CPU of a call: ${what}`, rounds.ratio(side, base, connections, 'cpu'), 1.1)),
    measurements: measurementsOf(rounds),
  };
}

async function start(setting: Setting, url: string, count: number): Promise<Running> {
  const vendors = Array.from({ length: count }, (_, index) => stubVendor(`vendor-${index}`, url));
  const running = await startGateway(setting, { vendors });
  await saveKeys(running.owner, ['vendor-0']);
  return running;
}

// Each of these has a session, and calls in turn; with one of them, that one makes all the calls.
async function side(name: string, callers: Running[]): Promise<Side> {
  const requests = [];
  let first;
  let client; // the same for all: registrations from one address are limited
  for (const [number, caller] of callers.entries()) {
    if (callers.length > 1) await saveKeys(caller.owner, ['vendor-0']);
    client ??= await OAuthClient.register(caller.gateway.url);
    const { accessToken } = await client.tokens(caller.owner);
    const target = await sessionTarget(caller, caller.gateway.mcpUrl, 'vendor-0__tool_0', accessToken);
    first ??= target;
    requests.push(...calls(target).slice(number, callers.length > 1 ? number + 1 : many));
  }
  if (!first) throw new Error('nobody calls');
  return { name, target: first, requests, right };
}

// They need not open, since they are never used, but a start looks at their heads: format 1, version 1 of the master key.
const credentialsOfOthers = `
  WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${storedCredentials})
  INSERT INTO vault_credentials (id, scope, owner_id, vendor, version, sealed, field_names, state, message, saved_at, tested_at)
  SELECT 'credential-' || n, 'user', 'somebody-' || n, 'vendor-0', n, CAST(x'0100000001' || randomblob(95) AS BLOB), '["api_key"]', 'working', '', 0, NULL FROM numbers;
`;
