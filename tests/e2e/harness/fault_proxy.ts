// A reverse proxy between client and gateway that can break what passes through it, as networks and deploys do.
import { request as send, createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Scope } from './scope.ts';

export interface Seen {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

export type Fault =
  | { kind: 'reset' } // the connection is gone before an answer
  | { kind: 'answer'; status: number; type: string; body: string; headers?: Record<string, string> }
  | { kind: 'cut after'; pattern: RegExp }; // the answer's stream breaks once this was in it

export class FaultProxy {
  url = '';
  target = '';
  readonly seen: Seen[] = [];
  // Decides per request; undefined lets it pass.
  fault: (request: Seen) => Fault | undefined = () => undefined;
  private readonly open = new Map<ServerResponse, Seen>();
  private server: Server | undefined;

  static async start(scope: Scope): Promise<FaultProxy> {
    const proxy = new FaultProxy();
    const server = createServer((request, response) => void proxy.take(request, response));
    proxy.server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    proxy.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    scope.showOnFailure('fault proxy', () => proxy.seen.map((s) => `${s.method} ${s.path} ${s.body.slice(0, 200)}`).join('\n'));
    scope.atEnd(() => proxy.stop());
    return proxy;
  }

  // Breaks the answers that are under way now.
  cut(which: (request: Seen) => boolean): number {
    const hit = [...this.open].filter(([, request]) => which(request));
    for (const [response] of hit) response.socket?.destroy();
    return hit.length;
  }

  openRequests(which: (request: Seen) => boolean): number {
    return [...this.open.values()].filter(which).length;
  }

  private async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const seen = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body: body.toString('utf8') };
    this.seen.push(seen);
    const fault = this.fault(seen);
    if (fault?.kind === 'reset') return void request.socket.destroy();
    if (fault?.kind === 'answer') {
      return void response.writeHead(fault.status, { 'content-type': fault.type, ...fault.headers }).end(fault.body);
    }
    this.forward(request, body, response, seen, fault?.kind === 'cut after' ? fault.pattern : undefined);
  }

  private forward(request: IncomingMessage, body: Buffer, response: ServerResponse, seen: Seen, cutAt?: RegExp): void {
    this.open.set(response, seen);
    response.once('close', () => this.open.delete(response));
    const upstream = send(this.target + (request.url ?? ''), { method: request.method, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.flushHeaders();
      let passed = '';
      answer.on('data', (data: Buffer) => {
        passed += data.toString('utf8');
        response.write(data, () => cutAt?.test(passed) && response.socket?.destroy());
      });
      answer.on('end', () => response.end());
      answer.on('error', () => response.socket?.destroy());
    });
    upstream.on('error', () => response.socket?.destroy());
    response.once('close', () => upstream.destroy());
    upstream.end(body);
  }
}
