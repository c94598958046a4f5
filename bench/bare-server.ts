import { createServer } from 'node:http';

/**
 * The baseline of the budgets: a bare `node:http` server that parses the same requests and sends answers of the same
 * shape and length, but checks, stores, and runs nothing. Sends its port to its parent.
 */
const runId = '0199f7a0-5b1c-7d2e-8f3a-4b5c6d7e8f90';
const answers = {
  inbound: () => JSON.stringify({ status: 'ok', dispatched_to: 1, run_ids: [runId] }),
  sync: () =>
    JSON.stringify({
      status: 'ok',
      result: { run_id: runId, agent_name: 'noop', status: 'completed', output: 'done', error: null },
    }),
};

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const payload: unknown = JSON.parse(Buffer.concat(chunks).toString());
    const answer = request.url?.endsWith('/sync') ? answers.sync() : answers.inbound();
    response.writeHead(payload === undefined ? 400 : 200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(answer),
    });
    response.end(answer);
  });
});

server.listen(0, '127.0.0.1', () => process.send?.(server.address()));
