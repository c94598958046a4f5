import { McpSession } from '../../src/agents/run/mcp/mcp-session.ts';

/* A client for the conformance suite: connects like a run to the address that the suite appends, and calls every tool. */

const url = process.argv.at(-1) ?? '';
const server = { name: 'suite', url, headers: {}, tools: null, discoverable: false };
const limits = { connectMs: 20_000, callMs: 20_000 };
const session = new McpSession({ server, url, headers: {} }, true, limits, new AbortController().signal);
await session.connect();
for (const { name } of await session.tools()) await session.call(name, { a: 1, b: 2 });
await session.close();
