// What a relay costs that does nothing but relay, on the same libraries as the gateway.
import { pinnedServer, type Server } from '../runner/pinned.ts';
import { contenderCpu, type Setting } from '../runner/setting.ts';
import { clientHeaders, type Target } from '../runner/target.ts';

export async function start(setting: Setting, stub: Server, options: string): Promise<Target> {
  const { pid, port } = await pinnedServer(setting.scope, contenderCpu, 'bench_relay', ['--upstream', String(stub.port)]);
  return { url: `http://127.0.0.1:${port}/${options}/mcp`, headers: clientHeaders, tool: 'tool_0', pid };
}
