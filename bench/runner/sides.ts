// The ordinary call through several contenders, each in front of one stub. All get the same requests.
import { calls, isCalled } from './calls.ts';
import type { Certificate } from './certificate.ts';
import { contenderNamed } from './found.ts';
import { startStub } from './pinned.ts';
import type { Side } from './rounds.ts';
import type { Setting } from './setting.ts';
import { checkAlike } from './target.ts';

// Over TLS when there is a certificate.
export async function sidesOf(setting: Setting, contenders: string[], tls?: Certificate): Promise<Side[]> {
  const stub = await startStub(setting.scope);
  const sides: Side[] = [];
  for (const name of contenders) {
    const target = await (await contenderNamed(name)).start(setting, stub, '-', tls);
    sides.push({ name, target, requests: calls(target), right: isCalled(1024) });
  }
  checkAlike(sides.map(({ target }) => target));
  return sides;
}
