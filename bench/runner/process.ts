// What the kernel knows of a process: time on the processor, switches, memory. Its children count as part of it.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // a thread or process that has just ended
  }
};

function family(pid: number): number[] {
  const children = read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
  return [pid, ...children.flatMap(family)];
}

function threads(pid: number): string[] {
  return family(pid).flatMap((member) => readdirSync(`/proc/${member}/task`).map((thread) => `/proc/${member}/task/${thread}`));
}

const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);

export function cpuNanoseconds(pid: number): number {
  return sum(threads(pid).map((path) => Number(read(`${path}/schedstat`).split(' ')[0])));
}

export function contextSwitches(pid: number): number {
  const switches = (path: string) => [...read(`${path}/status`).matchAll(/ctxt_switches:\s+(\d+)/g)].map((found) => Number(found[1]));
  return sum(threads(pid).flatMap(switches));
}

// Bytes: VmRSS, VmHWM (its peak); of smaps_rollup: Rss, Pss, Private_Dirty …
export function memory(pid: number, key: string): number {
  const file = key.startsWith('Vm') ? 'status' : 'smaps_rollup';
  const kilobytes = (member: number) => Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(read(`/proc/${member}/${file}`))?.[1]);
  return sum(family(pid).map(kilobytes)) * 1024;
}

// VmHWM begins anew: signing in takes 64 MiB for a moment, which is not what a case asks about.
export function resetPeakMemory(pid: number): void {
  for (const member of family(pid)) writeFileSync(`/proc/${member}/clear_refs`, '5');
}
