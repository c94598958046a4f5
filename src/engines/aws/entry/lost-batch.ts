import * as z from 'zod';
import { jsonText } from '../store/payload-objects.ts';
import { connectorOfInvocation } from '../ways/mapping/take-invocation.ts';

/**
 * What Lambda tells a destination about a discarded batch: the position of the messages, not their content (Lambda
 * developer guide, "Capturing discarded batches for Amazon MSK and self-managed Apache Kafka event sources").
 */
const lostBatch = jsonText.pipe(
  z.looseObject({
    requestContext: z.object({ functionArn: z.string(), condition: z.string().optional() }),
  }),
);

/** The connector of a lost batch, and what is known of its position, as text. */
export function readLostBatch(body: string): { readonly connectorId: string; readonly place: string } {
  const { requestContext, ...rest } = lostBatch.parse(body);
  // Each kind of source has its own field for the position, such as KafkaBatchInfo.
  const info = Object.entries(rest).find(([name]) => name.endsWith('BatchInfo'))?.[1];
  return {
    connectorId: connectorOfInvocation(requestContext.functionArn),
    place: JSON.stringify({ condition: requestContext.condition, ...z.looseObject({}).parse(info) }),
  };
}
