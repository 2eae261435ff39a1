// mcp-remote as Claude Desktop runs it: a stdio MCP server whose browser is the played person.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';

import { node, programs } from './places.ts';
import type { Scope } from './scope.ts';

export interface RemoteOptions {
  version?: 'newest' | 'installed base';
  stateDirectory: string; // where tokens and registrations are kept; shared by the processes of one person
  browser: { environment: Record<string, string> };
  args?: string[];
}

export class Remote {
  readonly client: Client;
  readonly transport: StdioClientTransport;
  errors = '';
  readonly notifications: string[] = [];
  private listeners = new Set<() => void>();

  constructor(scope: Scope, url: string, options: RemoteOptions) {
    const program = options.version === 'installed base' ? programs.mcpRemoteInstalledBase : programs.mcpRemote;
    this.transport = new StdioClientTransport({
      command: node,
      args: [program, url, ...(options.args ?? [])],
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: options.stateDirectory,
        MCP_REMOTE_CONFIG_DIR: options.stateDirectory,
        ...options.browser.environment,
      },
      stderr: 'pipe',
    });
    this.transport.stderr?.on('data', (data: Buffer) => (this.errors += data.toString('utf8')));
    this.client = new Client({ name: 'a desktop host', version: '1.0.0' });
    this.client.fallbackNotificationHandler = async (notification) => {
      this.notifications.push(notification.method);
      this.listeners.forEach((look) => look());
    };
    scope.showOnFailure('mcp-remote', () => this.errors);
    scope.atEnd(() => this.client.close());
  }

  static async start(scope: Scope, url: string, options: RemoteOptions): Promise<Remote> {
    const remote = new Remote(scope, url, options);
    await remote.client.connect(remote.transport, { timeout: 60_000 });
    return remote;
  }

  async toolNames(): Promise<string[]> {
    const names: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.client.listTools(cursor ? { cursor } : {});
      names.push(...page.tools.map((tool) => tool.name));
      cursor = page.nextCursor;
    } while (cursor);
    return names;
  }

  async call(name: string, args: Record<string, unknown> = {}, timeout = 30_000): Promise<ToolResult> {
    const result = await this.client.callTool({ name, arguments: args }, undefined, { timeout });
    return result as unknown as ToolResult;
  }

  // Waits until `count` notifications of that method have come since the start.
  async notified(method: string, count = 1, milliseconds = 30_000): Promise<void> {
    const enough = () => this.notifications.filter((seen) => seen === method).length >= count;
    await new Promise<void>((resolve, reject) => {
      const look = () => {
        if (!enough()) return;
        clearTimeout(timer);
        this.listeners.delete(look);
        resolve();
      };
      const timer = setTimeout(() => {
        this.listeners.delete(look);
        reject(new Error(`${milliseconds} ms without ${count} × ${method}; seen: ${this.notifications.join(', ')}`));
      }, milliseconds);
      this.listeners.add(look);
      look();
    });
  }
}

export interface ToolResult {
  content: { type: string; text?: string; data?: string; mimeType?: string }[];
  isError?: boolean;
  structuredContent?: Record<string, unknown>;
}

export function textOf(result: ToolResult): string {
  return result.content.map((part) => part.text ?? '').join('\n');
}
