import { execFile } from 'node:child_process';
import { request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isJsonObject } from '../../src/core/json/json-value.ts';
import { type LocalServer, serveLocally } from '../local-server.ts';
import { adminToken, type RunningProduct, runProduct } from '../running-product.ts';
import { operatorOf } from '../scenarios/operator.ts';

/* The conformance suite of the Model Context Protocol, against the agents of a connector. */

const run = promisify(execFile);
const described = import.meta.resolve('@modelcontextprotocol/conformance/package.json');
const suite = fileURLToPath(new URL('dist/index.js', described));

let product: RunningProduct;
let door: LocalServer;

beforeAll(async () => {
  product = await runProduct({ projectDir: join(import.meta.dirname, 'project') });
  const operator = operatorOf({ baseUrl: product.baseUrl, token: adminToken });
  const agents = ['test-simple-text', 'test-error-handling', 'test-tool-with-progress'];
  let connector: Awaited<ReturnType<typeof operator.createConnector>>;
  // The suite sends no credentials, and calls tools without arguments.
  door = await serveLocally(async (asked, response) => {
    const { 'content-length': _length, ...sent } = asked.headers;
    const headers = { ...sent, authorization: `Bearer ${connector.secret}` };
    const passedOn = request(String(connector.url), { method: asked.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    const body = await text(asked);
    passedOn.end(body === '' ? '' : JSON.stringify(withArguments(JSON.parse(body))));
  });
  const config = { allowed_origins: [door.url] };
  connector = await operator.createConnector({ type: 'mcp', mode: 'sync', agents, config });
});
afterAll(async () => {
  await door?.stop();
  await product?.stop();
});

/** Makes the demo model write long enough to be followed. */
const message = `say ${'A long answer. '.repeat(50)}`;

function withArguments(sent: unknown): unknown {
  if (!isJsonObject(sent) || sent['method'] !== 'tools/call' || !isJsonObject(sent['params'])) return sent;
  return { ...sent, params: { ...sent['params'], arguments: { message } } };
}

describe('the conformance suite for clients', () => {
  test.each(['initialize', 'tools_call'])('passes %s with the sessions of agents', async (scenario) => {
    const command = `"${process.execPath}" "${join(import.meta.dirname, 'session-client.ts')}"`;
    const { stdout, stderr } = await run(process.execPath, [
      suite,
      'client',
      '--command',
      command,
      '--scenario',
      scenario,
    ]);
    expect(stdout + stderr).toMatch(/Passed: (\d)\/\1, 0 failed, 0 warnings/);
  });
});

describe('the conformance suite', () => {
  test.each([
    'server-initialize',
    'ping',
    'tools-list',
    'tools-call-simple-text',
    'tools-call-error',
    'tools-call-with-progress',
    'server-sse-multiple-streams',
    'dns-rebinding-protection',
  ])('passes %s', async (scenario) => {
    const args = [suite, 'server', '--url', `${door.url}/mcp`, '--scenario', scenario];
    const { stdout } = await run(process.execPath, args);
    expect(stdout).toMatch(/Passed: (\d)\/\1, 0 failed, 0 warnings/);
  });
});
