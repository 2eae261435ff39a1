// An SVG of docs/performance/, drawn by gnuplot.
import { execFileSync } from 'node:child_process';

import { at } from './results.ts';

export function draw(file: string, size: string, script: string): void {
  const input = `
set terminal svg size ${size} font "sans-serif,13" background "#ffffff"
set output "${at(`../docs/performance/${file}.svg`)}"
set grid ytics lc rgb "#dddddd"
${script}`;
  execFileSync('gnuplot', ['-'], { input });
}

export const colour = '#3b6ea5';
