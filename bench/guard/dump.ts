// What callgrind wrote down: instructions, and calls of the C library's allocator, which C++'s is made of.
import { readFileSync } from 'node:fs';

export interface Counts {
  instructions: number;
  allocations: number;
}

const allocators = ['malloc', 'calloc', 'realloc', 'memalign', 'aligned_alloc', 'posix_memalign'];

export function readDump(file: string): Counts {
  const text = readFileSync(file, 'utf8');
  const allocations = allocationsIn(text);
  if (allocations === 0) throw new Error(`${file} tells of no allocation: are functions named otherwise?`);
  return { instructions: Number(/^(?:totals|summary): (\d+)/m.exec(text)?.[1]), allocations };
}

// Functions are written as "fn=(7) name" once, and as "fn=(7)" from then on; "cfn=" is the one that is called by the last "fn=",
// and "calls=N" follows it.
function allocationsIn(text: string): number {
  const names = new Map<string, string>();
  const nameOf = (number: string, name?: string): string => {
    if (name) names.set(number, name.replace(/'\d+$/, '')); // "'2": called within itself
    return names.get(number) ?? '';
  };
  let caller = '';
  let called = '';
  let count = 0;
  for (const [, kind = '', number = '', name, calls] of text.matchAll(/^(?:(c?fn)=\((\d+)\)(?: (.*))?|calls=(\d+).*)$/gm)) {
    if (kind === 'fn') caller = nameOf(number, name);
    else if (kind === 'cfn') called = nameOf(number, name);
    else if (allocators.includes(called) && !caller.startsWith('_mid_memalign')) count += Number(calls); // that is memalign's own call of malloc
  }
  return count;
}
