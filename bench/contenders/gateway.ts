// The gateway's unified endpoint, with a vendor that wants a key and a client that has a session.
import type { Certificate } from '../runner/certificate.ts';
import { saveKeys, sessionTarget, startGateway, stubVendor } from '../runner/gateway.ts';
import type { Server } from '../runner/pinned.ts';
import type { Setting } from '../runner/setting.ts';
import type { Target } from '../runner/target.ts';

export async function start(setting: Setting, stub: Server, options: string, tls?: Certificate): Promise<Target> {
  const vendors = [stubVendor('stub', `http://127.0.0.1:${stub.port}/${options}/mcp`)];
  const running = await startGateway(setting, { vendors, config: tls ? { tls } : {} });
  await saveKeys(running.owner, ['stub']);
  return sessionTarget(running, running.gateway.mcpUrl, 'stub__tool_0');
}
