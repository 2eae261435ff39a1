// haproxy as a plain proxy: one thread, connections kept and shared on the vendor's side, no log.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { freePort } from '../../tests/e2e/harness/free_port.ts';
import { untilTrue } from '../../tests/e2e/harness/wait.ts';
import { pinned, type Server } from '../runner/pinned.ts';
import { contenderCpu, type Setting } from '../runner/setting.ts';
import { ask, clientHeaders, type Target } from '../runner/target.ts';

export async function start(setting: Setting, stub: Server, options: string): Promise<Target> {
  const port = await freePort();
  const file = join(setting.scope.directory('haproxy'), 'haproxy.cfg');
  writeFileSync(file, configuration(port, stub.port));
  const { pid } = pinned(setting.scope, contenderCpu, 'haproxy', ['-db', '-f', file]);
  const target = { url: `http://127.0.0.1:${port}/${options}/mcp`, headers: clientHeaders, tool: 'tool_0', pid };
  const opening = { method: 'GET', path: '/-/mcp', headers: {}, body: '' };
  await untilTrue(() => ask(target, opening).then((answer) => answer.status === 405, () => false));
  return target;
}

function configuration(port: number, upstream: number): string {
  return `
global
  nbthread 1
  maxconn 8000
defaults
  mode http
  timeout connect 10s
  timeout client 60s
  timeout server 60s
frontend clients
  bind 127.0.0.1:${port} backlog 4096
  default_backend vendor
backend vendor
  http-request set-header X-Api-Key the-key-of-the-benchmark
  http-reuse always
  server stub 127.0.0.1:${upstream}
`;
}
