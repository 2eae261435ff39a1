// Where requests go, and which process answers them.
import { request as send } from 'node:http';
import { request as sendSecurely } from 'node:https';

export interface Target {
  url: string; // of the MCP endpoint
  headers: Record<string, string>; // that every request to it carries
  tool: string; // as this endpoint names the stub's first tool
  pid?: number; // of the process under test; none: there is nothing between load and vendor
}

// What a client with a token and a session sends along, for contenders that only pass it on: as long as the gateway's own,
// so that all get the same requests.
export const clientHeaders = {
  authorization: `Bearer ${'t'.repeat(572)}`,
  'mcp-session-id': 's'.repeat(44),
  'mcp-protocol-version': '2025-11-25',
};

// Throws unless the requests to all of them are of one size, give or take some bytes.
export function checkAlike(targets: Target[]): void {
  const sizes = targets.map((target) => JSON.stringify(target.headers).length);
  if (Math.max(...sizes) - Math.min(...sizes) > 16) throw new Error(`the requests' fields differ in size: ${sizes.join(', ')} bytes`);
}

export interface HttpRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string;
}

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
  bytes: number; // head and body, as they came over the wire; chunk sizes not counted
}

const json = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

export function post(target: Target, message: object, headers: Record<string, string> = {}): HttpRequest {
  const path = new URL(target.url).pathname;
  return { method: 'POST', path, headers: { ...json, ...target.headers, ...headers }, body: JSON.stringify(message) };
}

// One request outside of the measurement.
export function ask(target: Target, request: HttpRequest): Promise<Answer> {
  const url = new URL(request.path, target.url);
  return new Promise((resolve, reject) => {
    const answered = (response: import('node:http').IncomingMessage) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('error', reject);
      response.on('end', () => {
        const body = Buffer.concat(pieces);
        const fields = response.rawHeaders.reduce((sum, text) => sum + text.length + 2, 0);
        const bytes = `HTTP/1.1 200 ${response.statusMessage}\r\n\r\n`.length + fields + body.length;
        sent.destroy();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: body.toString('utf8'), bytes });
      });
    };
    // Kept alive as under load: `Connection: close` would make the head longer.
    const headers = { ...request.headers, connection: 'keep-alive' };
    const options = { method: request.method, headers, agent: false as const };
    const secure = { ...options, rejectUnauthorized: false }; // the certificate was made for this run
    const sent = url.protocol === 'https:' ? sendSecurely(url, secure, answered) : send(url, options, answered);
    sent.on('error', reject);
    sent.end(request.body);
  });
}
