import * as z from 'zod';

/**
 * A program in place of a deployment: all functions in one process, as they are before they are bundled. A message names
 * one and its event; the answer is what its handler returns.
 */
const context = {
  getRemainingTimeInMillis: () => 60_000,
  functionName: 'f',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:f',
  awsRequestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
};
const invocation = z.object({ entry: z.string(), event: z.unknown() });
const handlerOf = z.object({ handler: z.function({ input: [z.unknown(), z.unknown()] }) });

process.on('message', async (message) => {
  const asked = invocation.safeParse(message);
  if (!asked.success) return;
  const { handler } = handlerOf.parse(await import(`../../lambdas/${asked.data.entry}.ts`));
  process.send?.({ returned: await handler(asked.data.event, context) });
});
