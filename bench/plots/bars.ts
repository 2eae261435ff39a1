// A bar for each of several things.
import { colour, draw } from './gnuplot.ts';

export function bars(file: string, title: string, values: [string, number][]): void {
  const data = values.map(([name, value], index) => `${index} ${value} "${name}"`).join('\n');
  draw(
    file,
    '860,420',
    `
set title "${title}"
set style fill solid 0.8 noborder
set boxwidth 0.6
set yrange [0:*]
set ylabel "microseconds"
set xtics rotate by -25 nomirror font ",10"
set bmargin 8
set rmargin 12
$bars << EOD
${data}
EOD
plot $bars using 1:2:xtic(3) with boxes lc rgb "${colour}" notitle, $bars using 1:2:2 with labels offset 0,0.6 notitle
`,
  );
}
