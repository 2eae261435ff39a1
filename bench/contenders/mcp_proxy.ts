// mcp-proxy, the npm package: one connection to the vendor for all clients, a session and a store of events for each client.
import { freePort } from '../../tests/e2e/harness/free_port.ts';
import { peerFile, startPeer } from '../runner/peers.ts';
import type { Server } from '../runner/pinned.ts';
import type { Setting } from '../runner/setting.ts';
import type { Target } from '../runner/target.ts';

export const about = 'sessions, events kept for clients that come back; looks at no token, one vendor, whose connection all share';

export async function start(setting: Setting, stub: Server, options: string): Promise<Target> {
  const port = await freePort();
  const vendor = `http://127.0.0.1:${stub.port}/${options}/mcp`;
  return startPeer(setting, `http://127.0.0.1:${port}/mcp`, [peerFile('mcp_proxy.mjs'), vendor, String(port)]);
}
