import * as z from 'zod';
import { jsonText } from '../store/payload-objects.ts';
import { connectorOfInvocation } from '../ways/mapping/take-invocation.ts';

/**
 * What Lambda tells a destination of a batch that it has given up: no message, but where they are
 * (Lambda developer guide, "Capturing discarded batches for Amazon MSK and self-managed Apache Kafka event sources").
 */
const lostBatch = jsonText.pipe(
  z.looseObject({
    requestContext: z.object({ functionArn: z.string(), condition: z.string().optional() }),
  }),
);

/** The connector of a lost batch, and what is known of its place, as text. */
export function readLostBatch(body: string): { readonly connectorId: string; readonly place: string } {
  const { requestContext, ...rest } = lostBatch.parse(body);
  // Each kind of source has a field of its own for the place: KafkaBatchInfo and the like.
  const info = Object.entries(rest).find(([name]) => name.endsWith('BatchInfo'))?.[1];
  return {
    connectorId: connectorOfInvocation(requestContext.functionArn),
    place: JSON.stringify({ condition: requestContext.condition, ...z.looseObject({}).parse(info) }),
  };
}
