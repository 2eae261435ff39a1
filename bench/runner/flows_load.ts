// A program of its own, on the load's core: whole OAuth flows of new clients, many at once, for a person who is signed in.
//   flows_load.ts ISSUER COOKIE    reads seconds from the standard input, a line each; says {"flows":N,"microseconds":N}
import { Agent, request as send, type IncomingHttpHeaders } from 'node:http';
import { createInterface } from 'node:readline';

import { loopbackCallback, OAuthClient, pkce } from '../../tests/e2e/harness/token.ts';
import { approval, codeOf } from './consent.ts';

const [issuer = '', cookie = ''] = process.argv.slice(2);
const atOnce = 32;
const fromOneAddress = 250; // the gateway takes 300 registrations an hour from each
let begun = 0;

interface Reply {
  url: string;
  headers: IncomingHttpHeaders;
  html: string;
}

const agents: Agent[] = [];
function agentOf(flow: number): Agent {
  const address = Math.floor(flow / fromOneAddress);
  return (agents[address] ??= new Agent({ keepAlive: true, maxSockets: atOnce, localAddress: `127.0.1.${address + 1}` }));
}

function ask(agent: Agent, url: string, status: number, more: { headers?: Record<string, string>; body?: string } = {}): Promise<Reply> {
  const { headers = {}, body = '' } = more;
  const length = body ? { 'content-length': String(Buffer.byteLength(body)) } : {};
  return new Promise((resolve, reject) => {
    const sent = send(url, { agent, method: body ? 'POST' : 'GET', headers: { ...headers, ...length } }, (response) => {
      let html = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => (html += piece));
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === status) resolve({ url, headers: response.headers, html });
        else reject(new Error(`${url}: ${response.statusCode} instead of ${status}: ${html.slice(0, 1_000)}`));
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const registration = JSON.stringify({
  client_name: 'A client of the benchmark',
  redirect_uris: [loopbackCallback],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  token_endpoint_auth_method: 'none',
});

async function flow(agent: Agent): Promise<void> {
  const json = { 'content-type': 'application/json' };
  const registered = await ask(agent, `${issuer}/oauth/register`, 201, { headers: json, body: registration });
  const clientId = String(JSON.parse(registered.html).client_id);
  const { verifier, challenge } = pkce();
  const client = new OAuthClient(issuer, { clientId, redirectUri: loopbackCallback });
  const asked = await ask(agent, client.authorizeUrl(challenge), 303, { headers: { cookie } });
  const page = await ask(agent, new URL(asked.headers.location ?? '', issuer).href, 200, { headers: { cookie } });
  const { url, headers, body } = approval(page);
  const approved = await ask(agent, url, 200, { headers: { ...headers, cookie }, body });
  const fields = { grant_type: 'authorization_code', code: codeOf(approved, approved.headers.location), code_verifier: verifier };
  const redeeming = new URLSearchParams({ ...fields, client_id: clientId, redirect_uri: loopbackCallback }).toString();
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const given = await ask(agent, `${issuer}/oauth/token`, 200, { headers: form, body: redeeming });
  if (!JSON.parse(given.html).access_token) throw new Error(`no token: ${given.html}`);
}

for await (const line of createInterface({ input: process.stdin })) {
  const before = begun;
  const start = performance.now();
  const worker = async () => {
    while (performance.now() - start < Number(line) * 1000) await flow(agentOf(begun++));
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  console.log(JSON.stringify({ flows: begun - before, microseconds: Math.round((performance.now() - start) * 1000) }));
}
process.exit(0);
