// fixtures/everything_vendor.ts as a program.
import { join } from 'node:path';

import type { Era } from './peer.ts';
import { node, root } from './places.ts';
import { Program } from './program.ts';
import type { Scope } from './scope.ts';

const file = join(root, 'tests/e2e/fixtures/everything_vendor.ts');

export function everythingVendor(scope: Scope, era: Era, transport: 'http' | 'stdio'): { command: string; args: string[] } {
  const state = scope.directory('everything');
  return { command: node, args: [file, '--era', era, '--transport', transport, '--state', state] };
}

export async function startEverythingVendor(scope: Scope, era: Era): Promise<{ url: string; program: Program }> {
  const program = new Program(everythingVendor(scope, era, 'http'));
  scope.showOnFailure(`everything-${era}`, () => program.output);
  scope.atEnd(() => program.stop(2_000));
  const [, url] = await program.waitFor(/^listening on (\S+)$/m);
  return { url: url ?? '', program };
}
