// Where the programs under test and the clients' entry points are.
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const here = dirname(fileURLToPath(import.meta.url));

export const root = resolve(here, '../../..');
export const node = process.execPath;

const packages = resolve(here, '../node_modules');

export const programs = {
  mcpRemote: join(packages, 'mcp-remote/dist/proxy.js'),
  mcpRemoteInstalledBase: join(packages, 'mcp-remote-installed-base/dist/proxy.js'),
  everything: join(packages, '@modelcontextprotocol/server-everything/dist/index.js'),
  conformance: join(packages, '@modelcontextprotocol/conformance/dist/index.js'),
  inspector: join(packages, '@modelcontextprotocol/inspector/clients/launcher/build/index.js'),
};

export const preloads = {
  loopbackOnly: join(here, 'preload/loopback_only.mjs'),
  bearer: join(here, 'preload/bearer.mjs'),
};

export const launcher = join(here, 'browser_launcher.sh');
export const noter = join(here, 'browser_note.sh');

// E2E_GATEWAY_BINARY chooses another build, for instance the release one.
export function gatewayBinary(): string {
  const chosen = process.env['E2E_GATEWAY_BINARY'];
  const candidates = chosen ? [chosen] : ['debug', 'release'].map((p) => join(root, 'build', p, 'src/cli/mcp-gateway'));
  const found = candidates.find((path) => existsSync(path));
  if (!found) throw new Error(`no gateway binary at ${candidates.join(' or ')}: build it first (./test does)`);
  return found;
}
