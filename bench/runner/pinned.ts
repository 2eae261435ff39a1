// Programs that stay on the cores they are given, and end with the benchmark, however that ends.
import { Program } from '../../tests/e2e/harness/program.ts';
import type { Scope } from '../../tests/e2e/harness/scope.ts';
import { built, loadCpu } from './setting.ts';

export function pinned(scope: Scope, cpus: string, command: string, args: string[]): Program {
  const program = new Program({ command: 'setpriv', args: ['--pdeathsig', 'TERM', 'taskset', '-c', cpus, command, ...args] });
  scope.showOnFailure(command.split('/').at(-1) ?? command, () => program.output);
  scope.atEnd(() => program.stop());
  return program;
}

// One of ours, ready on a port that it chose.
export async function pinnedServer(scope: Scope, cpus: string, name: string, args: string[] = []): Promise<Server> {
  const program = pinned(scope, cpus, built(`bench/${name}`), args);
  const [, port] = await program.waitFor(/^ready port=(\d+)/m);
  return { pid: program.pid, port: Number(port) };
}

export interface Server {
  pid: number;
  port: number;
}

// The vendor of all measurements, beside the load.
export const startStub = (scope: Scope) => pinnedServer(scope, loadCpu, 'bench_stub');
