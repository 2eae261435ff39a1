// Bars of the CPU time of a call, from the results that are kept; gnuplot draws them.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

type Row = (string | number)[];
interface Table {
  title: string;
  columns: string[];
  rows: Row[];
}

function table(results: string, name: string, index: number): Table {
  return JSON.parse(readFileSync(at(`results/${results}.json`), 'utf8')).reports[name].tables[index];
}

function draw(file: string, title: string, bars: [string, number][]): void {
  const data = bars.map(([name, value], index) => `${index} ${value} "${name}"`).join('\n');
  const script = `
set terminal svg size 860,420 font "sans-serif,13" background "#ffffff"
set output "${at(`../docs/performance/${file}.svg`)}"
set title "${title}"
set style fill solid 0.8 noborder
set boxwidth 0.6
set yrange [0:*]
set ylabel "microseconds"
set grid ytics lc rgb "#dddddd"
set xtics rotate by -25 nomirror font ",10"
set bmargin 8
set rmargin 12
$bars << EOD
${data}
EOD
plot $bars using 1:2:xtic(3) with boxes lc rgb "#3b6ea5" notitle, $bars using 1:2:2 with labels offset 0,0.6 notitle
`;
  execFileSync('gnuplot', ['-'], { input: script });
}

// The column that tells the CPU time, of the rows with so many connections.
function cpu({ columns, rows }: Table, connections: number): [string, number][] {
  const column = columns.indexOf('CPU us');
  return rows.filter((row) => row[0] === connections && typeof row[column] === 'number').map((row) => [String(row[1]), Number(row[column])]);
}

mkdirSync(at('../docs/performance'), { recursive: true });
draw('call', 'CPU time of a call, 32 connections, one thread', cpu(table('calls', 'call', 0), 32));
draw('eras', 'CPU time of a call by endpoint, client and vendor', cpu(table('scale', 'eras', 0), 32));
draw('answers', 'CPU time of a call by the size of its answer', [0, 1, 2].flatMap((index) => {
  const { title } = table('calls', 'answers', index);
  return cpu(table('calls', 'answers', index), 32).map(([name, value]): [string, number] => [`${name}, ${title}`, value]);
}));
