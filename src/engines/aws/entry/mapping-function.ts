import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type { Engine } from '../../../core/ports/engine.ts';
import { takeInvocation } from '../ways/mapping/take-invocation.ts';
import { callInLog, publishMetrics } from './function-log.ts';

/** A function behind event source mappings. The alias in the call identifies the connector. */
export function mappingFunction(engine: Engine) {
  const handle = async (event: unknown, { invokedFunctionArn }: Context) =>
    takeInvocation(engine, invokedFunctionArn, event);
  return middy(handle, { requestEnd: publishMetrics }).use(callInLog);
}
