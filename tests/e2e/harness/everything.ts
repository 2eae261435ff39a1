// @modelcontextprotocol/server-everything over Streamable HTTP, on 127.0.0.1 and a port of its own choosing.
import { node, preloads, programs } from './places.ts';
import { Program } from './program.ts';
import type { Scope } from './scope.ts';

export async function startEverything(scope: Scope): Promise<{ url: string; program: Program }> {
  const program = new Program({
    command: node,
    args: ['--import', preloads.loopbackOnly, programs.everything, 'streamableHttp'],
    env: { PORT: '0' },
  });
  scope.showOnFailure('everything', () => program.output);
  scope.atEnd(() => program.stop(2_000));
  const listening = await program.waitFor(/listening on 127\.0\.0\.1:(\d+)/);
  return { url: `http://127.0.0.1:${listening[1]}/mcp`, program };
}
