import { once } from 'node:events';
import { rename, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import * as z from 'zod';

/**
 * A program: one function instance. It serves invocations as the Runtime Interface Emulator of AWS does, one at a time, and
 * writes its port into the file `PORT_FILE`.
 */
const root = process.env['LAMBDA_TASK_ROOT'] ?? '';
const [file = 'index', name = 'handler'] = (process.env['SERVED_HANDLER'] ?? '').split('.');

const functionSchema = z.custom<(event: unknown, context: object) => unknown>(
  (value) => typeof value === 'function',
);

let loaded: Promise<(event: unknown, context: object) => unknown> | null = null;

/** Files of a function are modules of either kind. */
async function load() {
  const require = createRequire(join(root, 'here.js'));
  const exported = z.record(z.string(), z.unknown()).parse({
    ...(await import(join(root, `${file}.mjs`)).catch((thrown) => {
      if (thrown?.code !== 'ERR_MODULE_NOT_FOUND') throw thrown;
      return require(join(root, `${file}.js`));
    })),
  });
  return functionSchema.parse(exported[name]);
}

/** Lambda's longest, ms. */
const remainingMs = 900_000;

function contextFor(requestId: string) {
  const endsAt = Date.now() + remainingMs;
  const functionName = process.env['AWS_LAMBDA_FUNCTION_NAME'] ?? '';
  return {
    awsRequestId: requestId,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:${process.env['AWS_REGION']}:000000000000:function:${functionName}`,
    memoryLimitInMB: process.env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'] ?? '',
    logGroupName: process.env['AWS_LAMBDA_LOG_GROUP_NAME'] ?? '',
    logStreamName: process.env['AWS_LAMBDA_LOG_STREAM_NAME'] ?? '',
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => endsAt - Date.now(),
  };
}

async function invoke(event: unknown): Promise<unknown> {
  try {
    loaded ??= load();
    const handler = await loaded;
    return (await handler(event, contextFor(crypto.randomUUID()))) ?? null;
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    process.stderr.write(`${error.stack}\n`);
    return { errorType: error.name, errorMessage: error.message };
  }
}

const server = createServer(async (request, response) => {
  response.end(JSON.stringify(await invoke(await json(request))));
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const address = server.address();
const portFile = process.env['PORT_FILE'] ?? '';
// Whoever waits for the file finds it whole.
await writeFile(`${portFile}.new`, String(typeof address === 'object' ? address?.port : ''));
await rename(`${portFile}.new`, portFile);
