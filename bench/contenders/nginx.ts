// nginx as a plain proxy, set up to be quick: one worker, connections kept on both sides, no log, nothing on the disk.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { freePort } from '../../tests/e2e/harness/free_port.ts';
import { untilTrue } from '../../tests/e2e/harness/wait.ts';
import type { Certificate } from '../runner/certificate.ts';
import { pinned, type Server } from '../runner/pinned.ts';
import { contenderCpu, type Setting } from '../runner/setting.ts';
import { ask, clientHeaders, type Target } from '../runner/target.ts';

export async function start(setting: Setting, stub: Server, options: string, tls?: Certificate): Promise<Target> {
  const directory = setting.scope.directory('nginx');
  mkdirSync(join(directory, 'temporary'));
  const port = await freePort();
  const file = join(directory, 'nginx.conf');
  writeFileSync(file, configuration(port, stub.port, tls));
  const { pid } = pinned(setting.scope, contenderCpu, 'nginx', ['-p', directory, '-c', file, '-e', 'stderr']);
  const target = { url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}/${options}/mcp`, headers: clientHeaders, tool: 'tool_0', pid };
  const opening = { method: 'GET', path: '/-/mcp', headers: {}, body: '' };
  await untilTrue(() => ask(target, opening).then((answer) => answer.status === 405, () => false));
  return target;
}

// ssl_protocols: this version stops at 1.2 by itself. keepalive_requests: a connection is closed after 1,000 requests otherwise, on either side.
function configuration(port: number, upstream: number, tls: Certificate | undefined): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path temporary/${kind};`);
  return `
${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off;
worker_processes 1;
worker_rlimit_nofile 20000;
pid nginx.pid;
events { worker_connections 8192; }
http {
  access_log off;
  ${temporary.join(' ')}
  keepalive_requests 1000000000;
  client_body_buffer_size 64k;
  proxy_buffers 64 16k;
  proxy_busy_buffers_size 64k;
  proxy_buffer_size 16k;
  proxy_max_temp_file_size 0;
  upstream vendor {
    server 127.0.0.1:${upstream};
    keepalive 1024;
    keepalive_requests 1000000000;
  }
  server {
    listen 127.0.0.1:${port} ${tls ? 'ssl' : ''} backlog=4096;
    ${tls ? `ssl_certificate ${tls.certificate}; ssl_certificate_key ${tls.key}; ssl_protocols TLSv1.3;` : ''}
    location / {
      proxy_pass http://vendor;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header X-Api-Key "the-key-of-the-benchmark";
    }
  }
}
`;
}
