// One face for the official clients: SDK 1.x, SDK 2.x speaking the legacy era, SDK 2.x speaking the modern era.
import * as sdk2 from '@modelcontextprotocol/client';
import { StdioClientTransport as Stdio2 } from '@modelcontextprotocol/client/stdio';
import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport as Sse1 } from '@modelcontextprotocol/sdk/client/sse.js';
import { StdioClientTransport as Stdio1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as Http1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import * as mcp1 from '@modelcontextprotocol/sdk/types.js';

import { untilTrue } from './wait.ts';

export type Era = 'legacy' | 'modern';
export type Kind = 'SDK 1.x' | 'SDK 2.x legacy' | 'SDK 2.x modern';
// `sse`: by the deprecated HTTP+SSE transport.
export type Target = { url: string; bearer?: string; sse?: boolean } | { command: string; args: string[] };

type Json = Record<string, any>;
export interface Notice {
  method: string;
  params: Json;
}
interface CallOptions {
  onprogress?: (progress: Json) => void;
  signal?: AbortSignal;
  meta?: Json;
  timeout?: number;
}

const timeout = 8_000;
const info = { name: 'matrix', version: '1.0.0' };
const everything: Json = { elicitation: { form: {}, url: {} }, sampling: {}, roots: { listChanged: true } };
const logLevelKey = 'io.modelcontextprotocol/logLevel';

const notified = [
  'notifications/tools/list_changed',
  'notifications/prompts/list_changed',
  'notifications/resources/list_changed',
  'notifications/resources/updated',
  'notifications/message',
  'notifications/elicitation/complete',
] as const;

export class Peer {
  readonly era: Era;
  readonly notices: Notice[] = [];
  readonly asked: { method: string; params: Json }[] = [];
  // What this client answers; a cell may replace it.
  onElicit: (params: Json) => Json = () => ({ action: 'cancel' });
  onSample: (params: Json) => Json = () => ({ role: 'assistant', model: 'none', content: { type: 'text', text: '' } });
  roots: { uri: string; name?: string }[] = [];
  private readonly client: any; // the two SDKs' clients have the same methods, but no common type
  private readonly isFirst: boolean;
  private readonly capabilities: Json;
  private level: string | undefined;
  private subscription: sdk2.McpSubscription | undefined;

  private constructor(kind: Kind, capabilities: Json) {
    this.capabilities = capabilities;
    this.era = kind === 'SDK 2.x modern' ? 'modern' : 'legacy';
    this.isFirst = kind === 'SDK 1.x';
    this.client = this.isFirst ? this.first() : this.second();
  }

  // `capabilities`: in place of those that it declares else.
  static async connect(kind: Kind, target: Target, capabilities: Json = {}): Promise<Peer> {
    const peer = new Peer(kind, { ...everything, ...capabilities });
    await peer.client.connect(peer.transport(target), { timeout });
    return peer;
  }

  private first(): Client1 {
    const client = new Client1(info, { capabilities: this.capabilities });
    const schemas = [
      mcp1.ToolListChangedNotificationSchema,
      mcp1.PromptListChangedNotificationSchema,
      mcp1.ResourceListChangedNotificationSchema,
      mcp1.ResourceUpdatedNotificationSchema,
      mcp1.LoggingMessageNotificationSchema,
      mcp1.ElicitationCompleteNotificationSchema,
    ];
    for (const schema of schemas) client.setNotificationHandler(schema as never, (notice: Notice) => this.hear(notice));
    client.setRequestHandler(mcp1.ElicitRequestSchema, ({ params }) => this.answer('elicitation/create', params) as never);
    client.setRequestHandler(mcp1.CreateMessageRequestSchema, ({ params }) => this.answer('sampling/createMessage', params) as never);
    client.setRequestHandler(mcp1.ListRootsRequestSchema, () => this.answer('roots/list', {}) as never);
    return client;
  }

  private second(): sdk2.Client {
    const mode = this.era === 'modern' ? { pin: '2026-07-28' } : ('legacy' as const);
    const client = new sdk2.Client(info, { capabilities: this.capabilities, versionNegotiation: { mode } });
    for (const method of notified) client.setNotificationHandler(method, (notice) => this.hear(notice as Notice));
    client.setRequestHandler('elicitation/create', ({ params }) => this.answer('elicitation/create', params) as never);
    client.setRequestHandler('sampling/createMessage', ({ params }) => this.answer('sampling/createMessage', params) as never);
    client.setRequestHandler('roots/list', () => this.answer('roots/list', {}) as never);
    return client;
  }

  private transport(target: Target): unknown {
    if ('command' in target) return this.isFirst ? new Stdio1(target) : new Stdio2(target);
    const headers: Record<string, string> = target.bearer ? { authorization: `Bearer ${target.bearer}` } : {};
    const Sse = this.isFirst ? Sse1 : sdk2.SSEClientTransport;
    const Http = this.isFirst ? Http1 : sdk2.StreamableHTTPClientTransport;
    return new (target.sse ? Sse : Http)(new URL(target.url), { requestInit: { headers } });
  }

  private hear(notice: Notice): void {
    this.notices.push(notice);
  }

  private answer(method: string, params: Json): Json {
    this.asked.push({ method, params });
    if (method === 'elicitation/create') return this.onElicit(params);
    if (method === 'sampling/createMessage') return this.onSample(params);
    return { roots: this.roots };
  }

  get instructions(): string | undefined {
    return this.client.getInstructions();
  }

  // Whole lists: the 1.x client gives one page at a time.
  tools = (): Promise<Json[]> => this.list('listTools', 'tools');
  prompts = (): Promise<Json[]> => this.list('listPrompts', 'prompts');
  resources = (): Promise<Json[]> => this.list('listResources', 'resources');
  templates = (): Promise<Json[]> => this.list('listResourceTemplates', 'resourceTemplates');

  private async list(method: string, field: string): Promise<Json[]> {
    const found: Json[] = [];
    let cursor: string | undefined;
    do {
      // 2.x keeps what it listed for as long as the server allows: a cell wants to see what is there now.
      const fresh = this.isFirst ? {} : { cacheMode: 'refresh' };
      const page = await this.client[method](cursor ? { cursor } : {}, { timeout, ...fresh });
      found.push(...page[field]);
      cursor = page.nextCursor;
    } while (cursor);
    return found;
  }

  async call(name: string, args: Json = {}, options: CallOptions = {}): Promise<Json> {
    const { meta, ...rest } = options;
    const level = this.era === 'modern' && this.level ? { [logLevelKey]: this.level } : {};
    const params = { name, arguments: args, _meta: { ...level, ...meta } };
    const requestOptions = { timeout, ...rest };
    return this.isFirst ? this.client.callTool(params, undefined, requestOptions) : this.client.callTool(params, requestOptions);
  }

  async text(name: string, args: Json = {}, options: CallOptions = {}): Promise<string> {
    const result = await this.call(name, args, options);
    return result['content'][0].text;
  }

  prompt(name: string, args: Json): Promise<Json> {
    return this.client.getPrompt({ name, arguments: args }, { timeout });
  }

  read(uri: string): Promise<Json> {
    return this.client.readResource({ uri }, { timeout });
  }

  complete(ref: Json, name: string, value: string): Promise<Json> {
    return this.client.complete({ ref, argument: { name, value } }, { timeout });
  }

  // The legacy era sets a level for the session; the modern era says it with each call.
  async logFrom(level: string): Promise<void> {
    this.level = level;
    if (this.era === 'legacy') await this.client.setLoggingLevel(level, { timeout });
  }

  // Which changes this client wants to hear of: the legacy era tells list changes unasked.
  async watch(uris: string[]): Promise<void> {
    if (this.era === 'modern') {
      const lists = { toolsListChanged: true, promptsListChanged: true, resourcesListChanged: true };
      this.subscription = await this.client.listen({ ...lists, resourceSubscriptions: uris }, { timeout });
      return;
    }
    for (const uri of uris) await this.client.subscribeResource({ uri }, { timeout });
  }

  async unwatch(uris: string[]): Promise<void> {
    if (this.era === 'modern') await this.subscription?.close();
    else for (const uri of uris) await this.client.unsubscribeResource({ uri }, { timeout });
  }

  async rootsChanged(): Promise<void> {
    await this.client.sendRootsListChanged();
  }

  // Waits for a notification from the position `from` of `notices` on.
  async hears(method: string, from: number, where: (params: Json) => boolean = () => true): Promise<Json> {
    const heard = () => this.notices.slice(from).find((notice) => notice.method === method && where(notice.params ?? {}));
    await untilTrue(() => heard() !== undefined, 6_000);
    return heard()?.params ?? {};
  }

  async close(): Promise<void> {
    await this.client.close();
  }
}
