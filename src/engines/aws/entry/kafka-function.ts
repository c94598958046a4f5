import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type { Engine } from '../../../core/ports/engine.ts';
import { callInLog, publishMetrics } from './function-log.ts';
import { connectorOfInvocation, kafkaEvent } from './kafka-event.ts';
import { takeKafkaBatch } from './take-kafka-batch.ts';

/** A function behind event sources for Kafka: takes the messages of the connector by whose alias it is called. */
export function kafkaFunction(engine: Engine) {
  const handle = async (event: unknown, { invokedFunctionArn }: Context) =>
    takeKafkaBatch(engine, connectorOfInvocation(invokedFunctionArn), kafkaEvent.parse(event));
  return middy(handle, { requestEnd: publishMetrics }).use(callInLog);
}
