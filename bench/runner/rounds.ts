// Sides measured in turn, again and again: A B C, A B C, …, so that what else the machine does meets them all alike.
import { measure, type Measured } from './load.ts';
import type { Setting } from './setting.ts';
import { ask, type Answer, type HttpRequest, type Target } from './target.ts';

export interface Side {
  name: string;
  target: Target;
  requests: HttpRequest[];
  right: (answer: Answer) => void; // throws when the answer is wrong
}

const warmUpSeconds = 1;

export class Rounds {
  readonly measured = new Map<string, Measured[]>(); // "side connections" -> one for each repeat

  static async run(setting: Setting, sides: Side[], connections: number[]): Promise<Rounds> {
    const rounds = new Rounds();
    const directory = setting.scope.directory('load');
    const loads = [];
    for (const side of sides) {
      const load = { ...side, answerBytes: await answerBytes(side), directory };
      await measure({ ...load, connections: Math.max(...connections), seconds: warmUpSeconds });
      loads.push(load);
    }
    for (let repeat = 1; repeat <= setting.repeats; ++repeat) {
      process.stderr.write(`repeat ${repeat} of ${setting.repeats}\n`);
      for (const count of connections) {
        for (const load of loads) {
          rounds.keep(`${load.name} ${count}`, await measure({ ...load, connections: count, seconds: setting.seconds }));
        }
      }
    }
    return rounds;
  }

  median(side: string, connections: number, key: keyof Measured): number {
    return median(this.all(side, connections).map((one) => one[key]));
  }

  // The median of what each repeat says: neighbours in time are compared, not the best hour of one with the worst of another.
  ratio(side: string, base: string, connections: number, key: keyof Measured): number {
    const bases = this.all(base, connections);
    return median(this.all(side, connections).map((one, repeat) => one[key] / (bases[repeat]?.[key] ?? NaN)));
  }

  all(side: string, connections: number): Measured[] {
    const found = this.measured.get(`${side} ${connections}`);
    if (!found) throw new Error(`${side} was not measured with ${connections} connections`);
    return found;
  }

  private keep(key: string, measured: Measured): void {
    this.measured.set(key, [...(this.measured.get(key) ?? []), measured]);
  }
}

// A side that answers wrongly is never measured.
async function answerBytes(side: Side): Promise<number> {
  const [first] = side.requests;
  if (!first) throw new Error(`${side.name} has no request`);
  const answer = await ask(side.target, first);
  try {
    side.right(answer);
  } catch (error) {
    throw new Error(`${side.name}: ${(error as Error).message}`);
  }
  return answer.bytes;
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}
