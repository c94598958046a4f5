import type { Effort } from './effort.ts';
import { measureLatencies } from './latency.ts';
import { type Finding, median, readable, timesText } from './report.ts';
import { body, connect, type Side, startBenchProduct, startPlainServer } from './servers.ts';

/** Above the bare server's median. */
const mostOverheadMs = 2;
const requestsPerRound = 1_000;

/** A call of an MCP tool, above the median of a sync webhook. */
const mostMcpMs = 5;
const call = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name: 'noop', arguments: { message: '', payload: JSON.parse(body) } },
});

/**
 * A sync webhook with a tool agent that returns immediately: how much longer a caller waits than with a bare server. The same
 * agent as a tool of an MCP connector: how much longer a caller waits than with the webhook.
 */
export async function benchSync(effort: Effort): Promise<Finding[]> {
  const bare = await startPlainServer('bare');
  const product = await startBenchProduct();
  try {
    const sync = await connect(product, 'sync', 'noop');
    const bareSync: Side = { ...bare, url: `${bare.url}/sync` };
    const mcp = await connect(product, 'sync', 'noop', {}, 'mcp');
    const headers = { ...mcp.headers, accept: 'application/json, text/event-stream' };
    const tool = { ...mcp, headers, body: call };
    const times = { bare: [] as number[], sync: [] as number[], mcp: [] as number[] };
    await measureLatencies(tool, requestsPerRound);
    await measureLatencies({ ...sync, body }, requestsPerRound);
    for (let round = 0; round < effort.rounds; round++) {
      times.bare.push(...(await measureLatencies({ ...bareSync, body }, requestsPerRound)));
      times.sync.push(...(await measureLatencies({ ...sync, body }, requestsPerRound)));
      times.mcp.push(...(await measureLatencies(tool, requestsPerRound)));
    }
    const overheadMs = median(times.sync) - median(times.bare);
    const mcpMs = median(times.mcp) - median(times.sync);
    return [
      { what: 'bare node:http, one caller', measured: timesText(times.bare) },
      { what: 'product, one caller', measured: timesText(times.sync) },
      {
        what: 'median above the bare server',
        measured: `${readable(overheadMs)} ms`,
        budget: { text: `at most ${mostOverheadMs} ms`, kept: overheadMs <= mostOverheadMs },
      },
      { what: 'tool of MCP, one caller', measured: timesText(times.mcp) },
      {
        what: "median above the webhook's",
        measured: `${readable(mcpMs)} ms`,
        budget: { text: `at most ${mostMcpMs} ms`, kept: mcpMs <= mostMcpMs },
      },
    ];
  } finally {
    bare.stop();
    await product.remove();
  }
}
