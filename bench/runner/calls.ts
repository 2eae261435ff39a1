// tools/call as clients send it, and what its answer must be.
import type { Answer, HttpRequest, Target } from './target.ts';
import { post } from './target.ts';

const requestBytes = 300;

export const calls = (target: Target, headers: Record<string, string> = {}, more: object = {}) => callsInTurn([target], headers, more);

// By several clients in turn. Many ids: one client must not use an id twice at the same time, and 1,024 are more than there
// are connections.
export function callsInTurn(targets: Target[], headers: Record<string, string> = {}, more: object = {}): HttpRequest[] {
  const call = (number: number) => callOf(targets[number % targets.length]!, number + 1000, headers, more);
  return Array.from({ length: Math.max(targets.length, 1024) }, (_, number) => call(number));
}

function callOf(target: Target, id: number, headers: Record<string, string>, more: object): HttpRequest {
  const make = (text: string) => ({
    jsonrpc: '2.0',
    id,
    method: 'tools/call',
    params: { name: target.tool, arguments: { query: text, limit: 10 }, ...more },
  });
  const room = Math.max(requestBytes - JSON.stringify(make('')).length, 0);
  return post(target, make('q'.repeat(room)), headers);
}

// Throws when the answer is not the stub's.
export function isCalled(bytes: number): (answer: Answer) => void {
  return (answer) => {
    const data = String(answer.headers['content-type']).startsWith('text/event-stream')
      ? (answer.body.split(/\r?\n/).findLast((line) => line.startsWith('data:')) ?? '').slice(5).trim()
      : answer.body;
    const text = data.startsWith('{') ? JSON.parse(data).result?.content?.[0]?.text : undefined;
    const right = answer.status === 200 && /^x+$/.test(text ?? '') && Math.abs(data.length - bytes) < 200;
    if (!right) throw new Error(`a wrong answer: ${answer.status} ${answer.body.slice(0, 500)}`);
  };
}

// What a modern client adds to a request: headers, and parameters beside the method's own.
export function modern(method: string, name: string) {
  return {
    headers: { 'mcp-protocol-version': '2026-07-28', 'mcp-method': method, 'mcp-name': name },
    params: {
      _meta: {
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1.0.0' },
        'io.modelcontextprotocol/clientCapabilities': {},
      },
    },
  };
}
