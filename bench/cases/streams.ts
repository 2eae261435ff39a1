// What an idle stream keeps in memory: the slope between two numbers of them, so that what the gateway needs anyway is out of it.
import { bearerFor } from '../../tests/e2e/harness/token.ts';
import { pause } from '../../tests/e2e/harness/wait.ts';
import { makeCertificate } from '../runner/certificate.ts';
import { startGateway } from '../runner/gateway.ts';
import { Helper } from '../runner/helper.ts';
import { memory } from '../runner/process.ts';
import { atMost, type Report } from '../runner/report.ts';
import type { Setting } from '../runner/setting.ts';

export const about = 'memory of idle GET streams, each with a session of its own';

// Descriptors are capped at 20,000 a process on ordinary machines, so 19,000 streams; fewer over TLS, for the time that 14,000
// handshakes take.
const kinds = [
  { name: 'plain', tls: false, few: 5_000, many: 19_000, limit: 3 * 1024 },
  { name: 'TLS', tls: true, few: 2_000, many: 8_000, limit: 18 * 1024 },
];

export async function run(setting: Setting): Promise<Report> {
  const found = [];
  for (const kind of kinds) found.push({ ...kind, ...(await slope(setting, kind)) });
  return {
    tables: [
      {
        title: 'Idle streams, one gateway thread',
        columns: ['', 'streams', 'resident MiB', 'streams', 'resident MiB', 'bytes a stream', 'of these private'],
        rows: found.map(({ name, few, many, bytes, rss, dirty }) => [
          name, few, Math.round(rss[0] / 2 ** 20), many, Math.round(rss[1] / 2 ** 20), Math.round(bytes), Math.round(dirty),
        ]),
      },
    ],
    goals: found.map(({ name, bytes, limit }) => atMost(`${name}: bytes of an idle stream with its session`, bytes, limit)),
    notes: ["The kernel's memory for sockets is not counted; one run, since memory is no matter of chance."],
    measurements: Object.fromEntries(found.map(({ name, ...rest }) => [name, rest])),
  };
}

interface Slope {
  bytes: number;
  dirty: number;
  rss: [number, number];
}

async function slope(setting: Setting, kind: (typeof kinds)[number]): Promise<Slope> {
  const config = {
    limits: { connections: 30_000, sessions_per_principal: 100_000 },
    ...(kind.tls ? { tls: makeCertificate(setting.scope) } : {}),
  };
  const { gateway, owner } = await startGateway(setting, { config });
  const streams = new Helper(setting.scope, 'streams_load.ts', [gateway.mcpUrl, await bearerFor(owner)]);
  const at = async (count: number) => {
    await streams.ask(String(count));
    return settled(gateway.process.pid);
  };
  const few = await at(kind.few);
  const many = await at(kind.many);
  streams.end();
  await gateway.stop(); // the next kind needs the memory and the quiet
  const per = (key: 'rss' | 'dirty') => (many[key] - few[key]) / (kind.many - kind.few);
  return { bytes: per('rss'), dirty: per('dirty'), rss: [few.rss, many.rss] };
}

// When two looks half a second apart see the same.
async function settled(pid: number): Promise<{ rss: number; dirty: number }> {
  for (let last = NaN; ; ) {
    const rss = memory(pid, 'Rss');
    if (Math.abs(rss - last) < 64 * 1024) return { rss, dirty: memory(pid, 'Private_Dirty') };
    last = rss;
    await pause(500);
  }
}
