// What it costs to come in: opening sessions, and the way of a new client to its first token.
import type { Page } from '../../tests/e2e/harness/person.ts';
import { OAuthClient, pkce } from '../../tests/e2e/harness/token.ts';
import { approval, codeOf } from '../runner/consent.ts';
import { contenderNamed } from '../runner/found.ts';
import { saveKeys, sessionTarget, startGateway, stubVendor, type Running } from '../runner/gateway.ts';
import { Helper } from '../runner/helper.ts';
import { startStub, type Server } from '../runner/pinned.ts';
import { cpuNanoseconds } from '../runner/process.ts';
import { atMost, comparison, measurementsOf, type Report } from '../runner/report.ts';
import { median, Rounds, type Side } from '../runner/rounds.ts';
import type { Setting } from '../runner/setting.ts';
import { post, type Answer, type Target } from '../runner/target.ts';

export const about = 'sessions opened per second, the CPU of each step of an OAuth flow, and whole flows per second';

const connections = 32;
const registrations = 250; // for the steps, in all: the gateway takes 300 an hour from one address

export async function run(setting: Setting): Promise<Report> {
  const stub = await startStub(setting.scope);
  const vendors = [stubVendor('stub', `http://127.0.0.1:${stub.port}/-/mcp`)];
  const running = await startGateway(setting, { vendors, config: { oauth: { code_lifetime: '10m', access_token_lifetime: '24h' } } });
  await saveKeys(running.owner, ['stub']);

  const flows = Math.max(Math.floor(registrations / setting.repeats), 1);
  const steps: Record<string, number[]> = {};
  for (let repeat = 0; repeat < setting.repeats; ++repeat) {
    for (const [step, microseconds] of Object.entries(await flow(running, flows))) (steps[step] ??= []).push(microseconds);
  }
  const whole = await wholeFlows(setting, running);
  const opened = await sessions(setting, stub, running);
  const cost = (step: string) => median(steps[step] ?? []);
  const of = (key: keyof Whole) => median(whole.map((one) => one[key]));
  return {
    tables: [
      comparison('initialize; nginx passes it on to a vendor', opened, ['nginx', 'gateway'], 'nginx', [connections]),
      { title: `An OAuth flow, ${flows} clients each time`, columns: ['step', 'CPU us'], rows: Object.keys(steps).map((step) => [step, Math.round(cost(step))]) },
      {
        title: `Whole flows of new clients, from register to token, ${connections} at once`,
        columns: ['flows/s', 'CPU us', 'flows a full core does'],
        rows: [[Math.round(of('perSecond')), Math.round(of('cpu')), Math.round(1e6 / of('cpu'))]],
      },
    ],
    goals: [atMost('CPU us from code to token', cost(redeeming), 1000)],
    measurements: { sessions: measurementsOf(opened), steps, whole },
  };
}

async function sessions(setting: Setting, stub: Server, running: Running): Promise<Rounds> {
  const nginx = await (await contenderNamed('nginx')).start(setting, stub, '-');
  const { headers, ...gateway } = await sessionTarget(running, running.gateway.mcpUrl, '');
  const bare = { ...gateway, headers: { authorization: headers['authorization'] ?? '' } };
  const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'bench', version: '1.0.0' } };
  const opening = (target: Target) => [post(target, { jsonrpc: '2.0', id: 1, method: 'initialize', params })];
  const side = (name: string, target: Target): Side => ({ name, target, requests: opening(target), right: isOpened });
  return Rounds.run(setting, [side('nginx', nginx), side('gateway', bare)], [connections]);
}

function isOpened(answer: Answer): void {
  if (!JSON.parse(answer.body).result?.serverInfo) throw new Error(`not opened: ${answer.status} ${answer.body}`);
}

const redeeming = 'code to token';

// Microseconds on the processor per flow, by step: each step for all flows before the next one. The person is signed in.
async function flow({ gateway, owner }: Running, flows: number): Promise<Record<string, number>> {
  const costs: Record<string, number> = {};
  const step = async <In, Out>(name: string, all: In[], act: (one: In) => Promise<Out>): Promise<Out[]> => {
    const before = cpuNanoseconds(gateway.process.pid);
    const results: Out[] = [];
    for (const one of all) results.push(await act(one));
    costs[name] = (cpuNanoseconds(gateway.process.pid) - before) / 1000 / all.length;
    return results;
  };

  const clients = await step('register', Array.from({ length: flows }), () => OAuthClient.register(gateway.url));
  const asked = await step('authorize, up to the consent page', clients, async (client) => {
    const { verifier, challenge } = pkce();
    return { client, verifier, page: await owner.open(client.authorizeUrl(challenge)) };
  });
  const approved = await step('consent', asked, async ({ client, verifier, page }) => ({ client, verifier, code: await consent(page) }));
  const given = await step(redeeming, approved, async ({ client, verifier, code }) => {
    const { status, text, json } = await client.redeem(code, verifier);
    if (status !== 200) throw new Error(`token: ${status} ${text}`);
    return { client, refreshToken: String(json['refresh_token']) };
  });
  await step('refresh', given, async ({ client, refreshToken }) => {
    const { status, text } = await client.refresh(refreshToken);
    if (status !== 200) throw new Error(`refresh: ${status} ${text}`);
  });
  return costs;

  async function consent(page: Page): Promise<string> {
    const { url, ...post } = approval(page);
    const answer = await owner.request(url, { method: 'POST', ...post });
    return codeOf(answer, answer.headers.get('location'));
  }
}

interface Whole {
  perSecond: number;
  cpu: number; // microseconds
}

// New clients, 32 at once, from register to token without a pause.
async function wholeFlows(setting: Setting, { gateway, owner }: Running): Promise<Whole[]> {
  const cookie = [...owner.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const load = new Helper(setting.scope, 'flows_load.ts', [gateway.url, cookie]);
  const found: Whole[] = [];
  for (let repeat = 0; repeat < setting.repeats; ++repeat) {
    const before = cpuNanoseconds(gateway.process.pid);
    const { flows, microseconds } = JSON.parse(await load.ask(String(setting.seconds)));
    const cpu = (cpuNanoseconds(gateway.process.pid) - before) / 1000 / flows;
    found.push({ perSecond: (flows / microseconds) * 1e6, cpu });
  }
  load.end();
  return found;
}
