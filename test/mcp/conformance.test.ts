import { execFile } from 'node:child_process';
import { request } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
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
  const agents = ['test-simple-text', 'test-error-handling'];
  const { url, secret } = await operator.createConnector({ type: 'mcp', mode: 'sync', agents });
  // The suite sends no credentials.
  door = await serveLocally((asked, response) => {
    const headers = { ...asked.headers, authorization: `Bearer ${secret}` };
    const passedOn = request(url ?? '', { method: asked.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    asked.pipe(passedOn);
  });
});
afterAll(async () => {
  await door?.stop();
  await product?.stop();
});

describe('the conformance suite', () => {
  test.each([
    'server-initialize',
    'ping',
    'tools-list',
    'tools-call-simple-text',
    'tools-call-error',
    'server-sse-multiple-streams',
  ])('passes %s', async (scenario) => {
    const args = [suite, 'server', '--url', `${door.url}/mcp`, '--scenario', scenario];
    const { stdout } = await run(process.execPath, args);
    expect(stdout).toMatch(/Passed: 1\/1, 0 failed, 0 warnings/);
  });
});
