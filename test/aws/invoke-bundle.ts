import { pathToFileURL } from 'node:url';
import * as z from 'zod';
import { endOfLog } from './end-of-log.ts';

/**
 * A program in place of Lambda's runtime: loads the bundle in the file that its argument names, and answers each message,
 * an event, with what the handler has returned.
 */
const context = {
  getRemainingTimeInMillis: () => 60_000,
  functionName: 'f',
  awsRequestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
};
const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:f';
const invocation = z.object({ event: z.unknown(), alias: z.string().optional() });
const handlerOf = z.object({ handler: z.function({ input: [z.unknown(), z.unknown()] }) });

const [file = ''] = process.argv.slice(2);
const { handler } = handlerOf.parse(await import(pathToFileURL(file).href));
process.on('message', async (message) => {
  const { event, alias } = invocation.parse(message);
  const invokedFunctionArn = alias === undefined ? functionArn : `${functionArn}:${alias}`;
  const returned = await handler(event, { ...context, invokedFunctionArn });
  process.stdout.write(`${endOfLog}\n`);
  process.send?.({ returned });
});
process.send?.('ready');
