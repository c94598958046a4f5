import * as z from 'zod';
import { connectorOfInvocation } from '../sources/take-invocation.ts';
import { jsonText } from '../store/payload-objects.ts';

/**
 * What Lambda tells a destination of a batch that it has given up: no message, but where they are
 * (Lambda developer guide, "Capturing discarded batches for Amazon MSK and self-managed Apache Kafka event sources").
 */
const lostKafkaBatch = jsonText.pipe(
  z.object({
    requestContext: z.object({ functionArn: z.string(), condition: z.string().optional() }),
    KafkaBatchInfo: z.record(z.string(), z.unknown()),
  }),
);

/** The connector of a lost batch, and what is known of its place, as text. */
export function readLostKafkaBatch(body: string): { readonly connectorId: string; readonly place: string } {
  const { requestContext, KafkaBatchInfo: info } = lostKafkaBatch.parse(body);
  return {
    connectorId: connectorOfInvocation(requestContext.functionArn),
    place: JSON.stringify({ condition: requestContext.condition, ...info }),
  };
}
