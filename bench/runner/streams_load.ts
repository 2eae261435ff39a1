// A program of its own, since descriptors are limited per process: opens sessions with a GET stream each, and keeps them.
//   streams_load.ts URL BEARER     reads totals from the standard input, a line each; says "open N" when N streams are open
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { connect as connectSecurely } from 'node:tls';

const [address = '', bearer = ''] = process.argv.slice(2);
const url = new URL(address);
const atOnce = 32;
let open = 0;

const fields = `Host: ${url.host}\r\nAuthorization: Bearer ${bearer}\r\n`;
const version = '2025-11-25';
const opening = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: version, capabilities: {}, clientInfo: { name: 'bench', version: '1.0.0' } },
});
const opened = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' });

function post(body: string, more = ''): string {
  const content = `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n`;
  return `POST ${url.pathname} HTTP/1.1\r\n${fields}${more}Accept: application/json, text/event-stream\r\n${content}\r\n${body}`;
}

// The head of the next answer; its body, if it has one with a length, is read too.
function answer(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const look = (data: Buffer) => {
      text += data.toString('latin1');
      const end = text.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = Number(/^content-length: (\d+)/im.exec(text.slice(0, end))?.[1] ?? 0);
      if (text.length < end + 4 + length) return;
      socket.off('data', look);
      resolve(text.slice(0, end));
    };
    socket.on('data', look);
  });
}

function expected(head: string, status: number): string {
  if (!head.startsWith(`HTTP/1.1 ${status}`)) throw new Error(`not ${status}: ${head}`);
  return head;
}

async function openStream(): Promise<void> {
  const place = { host: url.hostname, port: Number(url.port) };
  const socket = url.protocol === 'https:' ? connectSecurely({ ...place, rejectUnauthorized: false }) : connect(place);
  socket.setNoDelay(true);
  const failed = (error?: Error) => {
    console.error(`a stream ended: ${error ?? 'closed'}`);
    process.exit(1);
  };
  socket.on('error', failed);
  socket.on('close', () => failed());

  socket.write(post(opening));
  const head = expected(await answer(socket), 200);
  const session = /^mcp-session-id: (\S+)/im.exec(head)?.[1] ?? '';
  const more = `Mcp-Session-Id: ${session}\r\nMcp-Protocol-Version: ${version}\r\n`;
  socket.write(post(opened, more));
  expected(await answer(socket), 202);
  socket.write(`GET ${url.pathname} HTTP/1.1\r\n${fields}${more}Accept: text/event-stream\r\n\r\n`);
  expected(await answer(socket), 200);
  socket.on('data', () => {}); // comments that keep it alive
}

for await (const line of createInterface({ input: process.stdin })) {
  const total = Number(line);
  const worker = async () => {
    while (open < total) {
      ++open;
      await openStream();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  console.log(`open ${total}`);
}
process.exit(0);
