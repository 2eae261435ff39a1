// mcp-proxy in front of a server that is reached by Streamable HTTP. Its own command only starts servers over stdio; this is
// that command with the other transport.
//   mcp_proxy.mjs URL PORT     says "ready" when it listens
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Server } from '@modelcontextprotocol/server';
import { proxyServer, startHTTPServer } from 'mcp-proxy';

const [url, port] = process.argv.slice(2);
const client = new Client({ name: 'mcp-proxy', version: '1.0.0' }, { capabilities: {} });
await client.connect(new StreamableHTTPClientTransport(new URL(url)));
const serverCapabilities = client.getServerCapabilities();

async function createServer() {
  const server = new Server(client.getServerVersion(), { capabilities: serverCapabilities });
  await proxyServer({ client, server, serverCapabilities });
  return server;
}

await startHTTPServer({ createServer, host: '127.0.0.1', port: Number(port) });
console.log('ready');
