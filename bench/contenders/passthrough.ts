// @civic/passthrough-mcp-server, the npm package: its command as it comes, with no hooks.
import { freePort } from '../../tests/e2e/harness/free_port.ts';
import { peerFile, startPeer } from '../runner/peers.ts';
import type { Server } from '../runner/pinned.ts';
import type { Setting } from '../runner/setting.ts';
import type { Target } from '../runner/target.ts';

export const about = 'sessions, each with one of its own at the vendor, a place for hooks; looks at no token, one vendor';

export async function start(setting: Setting, stub: Server, options: string): Promise<Target> {
  const port = await freePort();
  const environment = {
    PORT: String(port),
    SOURCE_SERVER_MCP_PATH: '/mcp',
    TARGET_SERVER_URL: `http://127.0.0.1:${stub.port}`,
    TARGET_SERVER_MCP_PATH: `/${options}/mcp`,
  };
  const program = peerFile('node_modules/@civic/passthrough-mcp-server/dist/cli.js');
  return startPeer(setting, `http://127.0.0.1:${port}/mcp`, [program], environment);
}
