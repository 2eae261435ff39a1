// The gateway's binary as a test sees it: started on port 0 with a directory of its own, its log shown on failure.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { freePort } from './free_port.ts';
import { closeIdleConnections } from './idle_connections.ts';
import { gatewayBinary, root } from './places.ts';
import { Person } from './person.ts';
import { Program, type Exit } from './program.ts';
import type { Scope } from './scope.ts';
import { writeVendors, type VendorDefinition } from './vendors.ts';

export interface GatewayOptions {
  config?: Record<string, unknown>; // merged into the configuration's top level
  vendors?: VendorDefinition[];
  demo?: boolean;
  env?: Record<string, string>;
  logLevel?: string;
}

const readyLine = /^mcp-gateway ready url=(\S+)(?: metrics=(\S+))?/m;
const ownerLine = /^owner link: (\S+)/m;

export class Gateway {
  url = ''; // as clients know it
  listenUrl = ''; // where the process listens; differs behind a proxy
  metricsUrl = '';
  readonly directory: string;
  readonly dataDirectory: string;
  private readonly options: GatewayOptions;
  private program: Program | undefined;
  private port = 0;
  private pastOutput = '';
  private ownerLinkSeen: string | undefined;

  private constructor(directory: string, options: GatewayOptions) {
    this.directory = directory;
    this.dataDirectory = join(directory, 'data');
    this.options = options;
  }

  static async start(scope: Scope, options: GatewayOptions = {}): Promise<Gateway> {
    const gateway = new Gateway(scope.directory('gateway'), options);
    scope.showOnFailure('gateway', () => gateway.log);
    scope.atEnd(() => gateway.end());
    await gateway.launch();
    return gateway;
  }

  // Everything that the binary wrote, over all its starts.
  get log(): string {
    return this.pastOutput + (this.program?.output ?? '');
  }

  get process(): Program {
    if (!this.program) throw new Error('the gateway is not running');
    return this.program;
  }

  get ownerLink(): string {
    if (!this.ownerLinkSeen) throw new Error(`no owner link was printed\n${this.log}`);
    return this.ownerLinkSeen;
  }

  get mcpUrl(): string {
    return `${this.url}/v1/mcp`;
  }

  vendorUrl(slug: string): string {
    return `${this.url}/v1/${slug}/mcp`;
  }

  // The owner, signed in, by the link that the first start printed.
  async owner(): Promise<Person> {
    const person = new Person(this.url, { login: '', password: 'correct horse battery 42' });
    await person.becomeOwner(this.ownerLink);
    return person;
  }

  // On the same port and data directory, as a service manager would do it.
  async restart(options: { downFor?: number } = {}): Promise<void> {
    await this.stop();
    if (options.downFor) await new Promise((resolve) => setTimeout(resolve, options.downFor));
    await this.launch();
  }

  async startAgain(): Promise<void> {
    await this.launch();
  }

  async stop(): Promise<Exit> {
    const exit = await this.process.stop();
    this.forget();
    return exit;
  }

  async kill9(): Promise<void> {
    await this.process.kill9();
    this.forget();
  }

  private async launch(): Promise<void> {
    // Behind a proxy the ready line names the proxy's port: this one must be known before.
    if (this.options.config?.['public_url']) this.port ||= await freePort();
    const program = new Program({
      command: gatewayBinary(),
      args: ['serve', '--config', this.writeConfiguration()],
      env: this.options.env ?? {},
      cwd: this.directory,
    });
    this.program = program;
    const ready = await program.waitFor(readyLine, 30_000);
    this.url = ready[1] ?? '';
    this.metricsUrl = ready[2] ?? '';
    this.port ||= Number(new URL(this.url).port);
    this.listenUrl = `http://127.0.0.1:${this.port}`;
    this.ownerLinkSeen ??= ownerLine.exec(program.output)?.[1];
  }

  private writeConfiguration(): string {
    const file = join(this.directory, 'gateway.yaml');
    const vendors = writeVendors(join(this.directory, 'vendors'), this.options.vendors ?? []);
    const configuration = {
      listen: `127.0.0.1:${this.port}`,
      data_dir: this.dataDirectory,
      drain_timeout: '5s',
      metrics: { listen: '127.0.0.1:0' },
      log: { level: this.options.logLevel ?? 'debug', format: 'json' },
      vendors: { catalog: join(root, 'catalog'), directory: vendors, demo: this.options.demo ?? true },
      ...this.options.config,
    };
    writeFileSync(file, JSON.stringify(configuration, null, 2));
    return file;
  }

  private forget(): void {
    this.pastOutput += this.program?.output ?? '';
    this.program = undefined;
  }

  // A test that ends with a crashed or leaking gateway has failed, whatever it saw.
  private async end(): Promise<void> {
    if (!this.program) return;
    closeIdleConnections();
    const exit = await this.program.stop();
    const report = /(ERROR|WARNING): (Address|Leak|Thread)Sanitizer|runtime error:/.exec(this.log)?.[0];
    if (report || (exit.code !== 0 && exit.signal === null)) {
      console.log(this.log.slice(-6_000));
      throw new Error(`the gateway ended badly: ${JSON.stringify(exit)} ${report ?? ''}`);
    }
  }
}
