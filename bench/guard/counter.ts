// Instructions and allocations of the gateway while it answers requests one after the other, by callgrind. They hardly depend
// on the machine, and not at all on how busy it is.
import { execFileSync } from 'node:child_process';
import { Agent, request as send } from 'node:http';

import type { HttpRequest, Target } from '../runner/target.ts';
import { readDump, type Counts } from './dump.ts';

const warmUp = 300;
const counted = 500;
let dumps = 0; // callgrind numbers them: file.1, file.2 …

const control = (...options: string[]) => execFileSync('callgrind_control', options, { stdio: 'pipe' });

// Per request.
export async function count(target: Target, requests: HttpRequest[], file: string): Promise<Counts> {
  const pid = String(target.pid);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  await sendAll(target, requests, agent, warmUp);
  control('--instr=on', pid);
  control('--zero', pid);
  await sendAll(target, requests, agent, counted);
  control('--dump', pid);
  control('--instr=off', pid);
  agent.destroy();
  const { instructions, allocations } = readDump(`${file}.${++dumps}`);
  // What happens beside the requests makes less than one allocation for each.
  return { instructions: Math.round(instructions / counted), allocations: Math.floor(allocations / counted) };
}

async function sendAll(target: Target, requests: HttpRequest[], agent: Agent, count: number): Promise<void> {
  for (let index = 0; index < count; ++index) await sendOne(target, requests[index % requests.length]!, agent);
}

function sendOne(target: Target, request: HttpRequest, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { ...request.headers, 'content-length': Buffer.byteLength(request.body) };
    const sent = send(new URL(request.path, target.url), { method: request.method, headers, agent }, (answer) => {
      answer.resume();
      answer.on('error', reject);
      answer.on('end', () => (answer.statusCode === 200 ? resolve() : reject(new Error(`status ${answer.statusCode}`))));
    });
    sent.on('error', reject);
    sent.end(request.body);
  });
}
