// Small line plots side by side: one value over a count each.
import { colour, draw } from './gnuplot.ts';

export interface Line {
  title: string;
  unit: string;
  steep: boolean; // its values grow with the count: both axes are logarithmic
  points: [number, number][];
}

const columns = 3;

export function lines(file: string, all: Line[]): void {
  const rows = Math.ceil(all.length / columns);
  const panels = all.map(panel).join('\n');
  draw(file, `${columns * 300},${rows * 260}`, `set multiplot layout ${rows},${columns}\n${panels}\nunset multiplot\n`);
}

function panel({ title, unit, steep, points }: Line, index: number): string {
  const counts = points.map(([count]) => count);
  const margin = (Math.max(...counts) / Math.min(...counts)) ** 0.12; // room for what stands beside the outer points
  const highest = Math.max(...points.map(([, value]) => value));
  return `
set title "${title}"
set ylabel "${unit}"
set border 3
set logscale x
${steep ? 'set logscale y' : 'unset logscale y'}
set xrange [${Math.min(...counts) / margin}:${Math.max(...counts) * margin}]
set yrange [${steep ? '*:*' : `0:${1.3 * highest}`}]
set xtics (${counts.map((count) => `"${count}" ${count}`).join(', ')}) nomirror font ",10"
set ytics nomirror
set rmargin 2
$line${index} << EOD
${points.map(([count, value]) => `${count} ${value}`).join('\n')}
EOD
plot $line${index} using 1:2 with linespoints pt 7 ps 0.5 lw 2 lc rgb "${colour}" notitle, $line${index} using 1:2:2 with labels offset 0,0.8 font ",10" notitle
`;
}
