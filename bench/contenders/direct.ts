// Nothing in between: what load and vendor can do.
import type { Server } from '../runner/pinned.ts';
import type { Setting } from '../runner/setting.ts';
import { clientHeaders, type Target } from '../runner/target.ts';

export async function start(_: Setting, stub: Server, options: string): Promise<Target> {
  return { url: `http://127.0.0.1:${stub.port}/${options}/mcp`, headers: clientHeaders, tool: 'tool_0' };
}
