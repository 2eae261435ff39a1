// MCP over Streamable HTTP by hand: what a simple script sends, with every byte of the answer in view.
import { EventSourceParserStream } from 'eventsource-parser/stream';

export interface HttpAnswer {
  status: number;
  type: string;
  headers: Headers;
  text: string;
  message: Record<string, any>; // the JSON-RPC answer, from a JSON body or from the stream's last event
}

export interface ServerEvent {
  id?: string;
  data: string;
}

const revision = '2025-11-25';

export class McpHttp {
  readonly url: string;
  sessionId: string | undefined;
  private readonly bearer: string;
  private lastId = 0;

  constructor(url: string, bearer: string) {
    this.url = url;
    this.bearer = bearer;
  }

  static async open(url: string, bearer: string): Promise<McpHttp> {
    const client = new McpHttp(url, bearer);
    const answer = await client.request('initialize', {
      protocolVersion: revision,
      capabilities: {},
      clientInfo: { name: 'a script', version: '1.0.0' },
    });
    if (!answer.message['result']) throw new Error(`initialize: ${answer.status} ${answer.text}`);
    client.sessionId = answer.headers.get('mcp-session-id') ?? undefined;
    await client.post({ jsonrpc: '2.0', method: 'notifications/initialized' });
    return client;
  }

  async request(method: string, params: object = {}, signal?: AbortSignal): Promise<HttpAnswer> {
    return this.post({ jsonrpc: '2.0', id: ++this.lastId, method, params }, signal);
  }

  async call(name: string, args: object = {}, signal?: AbortSignal): Promise<HttpAnswer> {
    return this.request('tools/call', { name, arguments: args }, signal);
  }

  async toolNames(): Promise<string[]> {
    const answer = await this.request('tools/list');
    return (answer.message['result']?.tools ?? []).map((tool: { name: string }) => tool.name);
  }

  async post(body: unknown, signal?: AbortSignal): Promise<HttpAnswer> {
    const init: RequestInit = { method: 'POST', headers: this.headers(), body: typeof body === 'string' ? body : JSON.stringify(body) };
    return httpAnswer(await fetch(this.url, signal ? { ...init, signal } : init));
  }

  headers(more: Record<string, string> = {}): Record<string, string> {
    return {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      authorization: `Bearer ${this.bearer}`,
      ...(this.sessionId ? { 'mcp-session-id': this.sessionId, 'mcp-protocol-version': revision } : {}),
      ...more,
    };
  }

  // The server's own stream; ends with the signal.
  async *stream(signal: AbortSignal, more: Record<string, string> = {}): AsyncGenerator<ServerEvent> {
    const headers = this.headers({ accept: 'text/event-stream', ...more });
    const response = await fetch(this.url, { headers, signal });
    if (response.status !== 200 || !response.body) throw new Error(`GET: ${response.status} ${await response.text()}`);
    const events = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
    for await (const event of events as unknown as AsyncIterable<ServerEvent>) yield event;
  }
}

export async function httpAnswer(response: Response): Promise<HttpAnswer> {
  const text = await response.text();
  const type = (response.headers.get('content-type') ?? '').split(';')[0] ?? '';
  return { status: response.status, type, headers: response.headers, text, message: messageOf(type, text) };
}

function messageOf(type: string, text: string): Record<string, any> {
  const lines = text.split(/\r?\n/).filter((line) => line.startsWith('data:'));
  const json = type === 'text/event-stream' ? (lines.at(-1)?.slice(5) ?? '') : text;
  try {
    return JSON.parse(json) ?? {};
  } catch {
    return {};
  }
}

// What a tool call came to, whichever way it failed: a tool error or a JSON-RPC error.
export function failureOf(answer: HttpAnswer): string | undefined {
  const { error, result } = answer.message;
  if (error) return String(error.message);
  if (result?.isError) return result.content.map((part: { text?: string }) => part.text ?? '').join('\n');
  return undefined;
}
