// What it costs to come in: opening sessions, and the way of a new client to its first token.
import { linkById, readForms } from '../../tests/e2e/harness/html_form.ts';
import type { Page } from '../../tests/e2e/harness/person.ts';
import { describe } from '../../tests/e2e/harness/person.ts';
import { OAuthClient, pkce } from '../../tests/e2e/harness/token.ts';
import { contenderNamed } from '../runner/found.ts';
import { saveKeys, sessionTarget, startGateway, stubVendor, type Running } from '../runner/gateway.ts';
import { startStub, type Server } from '../runner/pinned.ts';
import { cpuNanoseconds } from '../runner/process.ts';
import { atMost, comparison, measurementsOf, type Report } from '../runner/report.ts';
import { median, Rounds, type Side } from '../runner/rounds.ts';
import type { Setting } from '../runner/setting.ts';
import { post, type Answer, type Target } from '../runner/target.ts';

export const about = 'sessions opened per second, and the CPU of each step of an OAuth flow';

const connections = 32;
const registrations = 250; // in all: the gateway takes 300 an hour from one address

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
  const opened = await sessions(setting, stub, running);
  const cost = (step: string) => median(steps[step] ?? []);
  return {
    tables: [
      comparison('initialize; nginx passes it on to a vendor', opened, ['nginx', 'gateway'], 'nginx', [connections]),
      { title: `An OAuth flow, ${flows} clients each time`, columns: ['step', 'CPU us'], rows: Object.keys(steps).map((step) => [step, Math.round(cost(step))]) },
    ],
    goals: [atMost('CPU us from code to token', cost(redeeming), 1000)],
    measurements: { sessions: measurementsOf(opened), steps },
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
    const form = readForms(page.html).find(({ buttons }) => buttons.some(({ value }) => value === 'approve'));
    if (!form) throw new Error(`no consent page: ${describe(page)}`);
    const answer = await owner.request(new URL(form.action || page.url, page.url).href, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: gateway.url, 'sec-fetch-site': 'same-origin' },
      body: new URLSearchParams([...form.fields, ['decision', 'approve']]).toString(),
    });
    const callback = answer.headers.get('location') ?? linkById(answer.html, 'continue'); // loopback clients get a page
    const code = new URL(callback ?? page.url, page.url).searchParams.get('code');
    if (!code) throw new Error(`no code: ${describe(answer)}`);
    return code;
  }
}
