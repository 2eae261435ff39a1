// How far the memory of processes grows, at its peak, while something is done.
import { memory, resetPeakMemory } from './process.ts';
import type { Target } from './target.ts';

export async function peakGrowth<Done>(targets: Target[], act: () => Promise<Done>): Promise<{ done: Done; growth: number[] }> {
  const before = targets.map(({ pid = 0 }) => {
    resetPeakMemory(pid);
    return memory(pid, 'VmRSS');
  });
  const done = await act();
  const growth = targets.map(({ pid = 0 }, number) => memory(pid, 'VmHWM') - (before[number] ?? 0));
  return { done, growth };
}
