// Programs of others that do something like the gateway: npm packages of bench/peers, installed on demand, outside of the
// sources.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { McpHttp } from '../../tests/e2e/harness/mcp_http.ts';
import { root } from '../../tests/e2e/harness/places.ts';
import { untilTrue } from '../../tests/e2e/harness/wait.ts';
import { pinned } from './pinned.ts';
import { contenderCpu, type Setting } from './setting.ts';
import { clientHeaders, type Target } from './target.ts';

const sources = fileURLToPath(new URL('../peers/', import.meta.url));
const installed = join(root, 'build', 'peers');

// The path of a file that is installed there.
export function peerFile(path: string): string {
  const stamp = join(installed, 'node_modules', '.installed');
  const lock = readFileSync(join(sources, 'package-lock.json'), 'utf8');
  cpSync(sources, installed, { recursive: true });
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
    execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: installed, stdio: ['ignore', 2, 2] });
    writeFileSync(stamp, lock);
  }
  return join(installed, path);
}

// A script for node on the contender's core, its log in a file like the gateway's. With a session, and a token that nobody looks
// at: requests of the size that all get.
export async function startPeer(setting: Setting, url: string, args: string[], environment: Record<string, string> = {}): Promise<Target> {
  const log = join(setting.scope.directory('peer'), 'log');
  const settings = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const program = ['env', ...settings, process.execPath, ...args];
  const { pid } = pinned(setting.scope, contenderCpu, 'sh', ['-c', 'exec "$@" >"$0"', log, ...program]);
  let session: McpHttp | undefined;
  await untilTrue(async () => {
    session = await McpHttp.open(url, clientHeaders.authorization.slice('Bearer '.length)).catch(() => undefined);
    return session !== undefined;
  });
  return { url, headers: { ...clientHeaders, 'mcp-session-id': session?.sessionId ?? '' }, tool: 'tool_0', pid };
}
