// The gateway as it is measured: one thread, metrics on, log level info, SQLite, and its owner signed in as a client.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Gateway, type GatewayOptions } from '../../tests/e2e/harness/gateway.ts';
import { McpHttp } from '../../tests/e2e/harness/mcp_http.ts';
import type { Person } from '../../tests/e2e/harness/person.ts';
import { bearerFor } from '../../tests/e2e/harness/token.ts';
import { keyedHttpVendor, type VendorDefinition } from '../../tests/e2e/harness/vendors.ts';
import type { Setting } from './setting.ts';
import type { Target } from './target.ts';

export interface Running {
  gateway: Gateway;
  owner: Person;
}

export async function startGateway(setting: Setting, options: GatewayOptions): Promise<Running> {
  const config = {
    threads: 1,
    oauth: { access_token_lifetime: '24h' }, // a run may last longer than a token does
    ...options.config,
  };
  const log = join(setting.scope.directory('log'), 'gateway.log');
  writeFileSync(log, '');
  setting.scope.showOnFailure("the gateway's log", () => readFileSync(log, 'utf8'));
  const env = { ...options.env, BENCH_LOG: log };
  const gateway = await Gateway.start(setting.scope, { demo: false, logLevel: 'info', ...options, config, env });
  return { gateway, owner: await gateway.owner() };
}

// A vendor that wants a key, as most do.
export const stubVendor = (slug: string, url: string, more: Partial<VendorDefinition> = {}) => keyedHttpVendor(slug, url, more);

export async function saveKeys(owner: Person, slugs: string[]): Promise<void> {
  for (const slug of slugs) {
    await owner.saveCredential(slug, { api_key: `the-key-of-the-benchmark-for-${slug}` });
    const state = await owner.connectionState(slug);
    if (state !== 'working') throw new Error(`the connection to ${slug} is not working but ${state}`);
  }
}

// A client with a session, as real ones have.
export async function sessionTarget({ gateway, owner }: Running, url: string, tool: string, bearer?: string): Promise<Target> {
  const session = await McpHttp.open(url, bearer ?? (await bearerFor(owner, url)));
  const { authorization = '', ...headers } = session.headers();
  const version = { 'mcp-session-id': headers['mcp-session-id'] ?? '', 'mcp-protocol-version': headers['mcp-protocol-version'] ?? '' };
  return { url, headers: { authorization, ...version }, tool, pid: gateway.process.pid };
}
