// What the official suite's client scenarios start as "the client": a gateway whose only vendor is the scenario's server,
// and behind it an official SDK client that does what the scenario's description asks of a client.
//   node scenario_driver.ts --kind 'SDK 1.x' URL        (names and values of the scenario come in MCP_CONFORMANCE_*)
import { parseArgs } from 'node:util';

import { Gateway } from './gateway.ts';
import { Peer, type Kind } from './peer.ts';
import { Scope } from './scope.ts';
import { bearerFor } from './token.ts';
import { httpVendor } from './vendors.ts';

type Json = Record<string, any>;

const { values: chosen, positionals } = parseArgs({ options: { kind: { type: 'string' } }, allowPositionals: true });
const scenario = process.env['MCP_CONFORMANCE_SCENARIO'] ?? '';
const context: Json = JSON.parse(process.env['MCP_CONFORMANCE_CONTEXT'] ?? '{}');

const listEverything = async (peer: Peer): Promise<void> => void (await peer.tools());

const acts: Record<string, (peer: Peer) => Promise<void>> = {
  initialize: listEverything,
  'json-schema-ref-no-deref': listEverything,
  async tools_call(peer) {
    const [tool] = await peer.tools();
    await peer.call(tool?.['name'], { a: 5, b: 3 });
  },
  async 'elicitation-sep1034-client-defaults'(peer) {
    peer.onElicit = ({ requestedSchema }) => ({ action: 'accept', content: defaultsOf(requestedSchema) });
    await peer.call('test_client_elicitation_defaults');
  },
  async 'sse-retry'(peer) {
    await peer.tools();
    await peer.call('test_reconnection');
  },
  async 'request-metadata'(peer) {
    await peer.tools();
    await peer.call('anything');
  },
  async 'sep-2322-client-request-state'(peer) {
    peer.onElicit = () => ({ action: 'accept', content: { confirmed: true } });
    await peer.tools();
    await peer.call('test_mrtr_echo_state');
    await peer.call('test_mrtr_no_state');
    await peer.call('test_mrtr_unrelated');
    // A result without resultType: the 2.x client refuses it by itself, the 1.x client takes it.
    await peer.call('test_mrtr_no_result_type').catch((error: unknown) => console.log(String(error)));
  },
  async 'http-standard-headers'(peer) {
    for (const { name } of await peer.tools()) await peer.call(name);
    for (const { uri } of await peer.resources()) await peer.read(uri);
    for (const { name } of await peer.prompts()) await peer.prompt(name, {});
  },
  async 'http-custom-headers'(peer) {
    await peer.tools();
    for (const call of context['toolCalls']) await peer.call(call.name, call.arguments);
  },
  async 'http-invalid-tool-headers'(peer) {
    for (const { name } of await peer.tools()) await peer.call(name, { region: 'us-west1' });
  },
  async 'json-schema-2020-12-preservation'(peer) {
    const focal = (await peer.tools()).find((tool) => tool['name'] === 'json_schema_2020_12_tool');
    await peer.call('json_schema_echo', { schema: focal?.['inputSchema'] });
  },
};

function defaultsOf(schema: Json): Json {
  const fields = Object.entries(schema['properties'] as Record<string, Json>);
  return Object.fromEntries(fields.map(([name, field]) => [name, field['default']]));
}

async function run(scope: Scope): Promise<void> {
  const act = acts[scenario];
  if (!act) throw new Error(`no act for the scenario ${scenario}`);
  const vendors = [httpVendor('scenario', positionals[0] ?? '', { health: { check: 'none' } })];
  const gateway = await Gateway.start(scope, { vendors, demo: false });
  const url = gateway.vendorUrl('scenario');
  const peer = await Peer.connect(chosen.kind as Kind, { url, bearer: await bearerFor(await gateway.owner(), url) });
  scope.atEnd(() => peer.close());
  await act(peer);
}

let failure: unknown;
const scope = new Scope(`${chosen.kind} ${scenario}`, () => failure !== undefined);
try {
  await run(scope);
} catch (error) {
  failure = error;
  console.error(error);
}
await scope.end();
process.exit(failure === undefined ? 0 : 1);
