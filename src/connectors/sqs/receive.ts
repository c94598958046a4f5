import type { ReceiveContext, Received } from '../../core/connectors/received.ts';
import { chainHeader } from '../../core/runs/run-chain.ts';
import { inboundConfigOf } from './queue-config.ts';
import { payloadOf, type QueueMessage } from './queue-message.ts';

/** Turns a message into the payload of its runs. The same message of a queue never starts a second trigger. */
export async function receive(message: QueueMessage, context: ReceiveContext): Promise<Received> {
  const refused = context.admit();
  if (refused !== null) return refused;
  const { queue_url: queueUrl } = inboundConfigOf(context.connector.config);
  const { messageId, sentAtMs, group, attributes } = message;
  const signedChain = attributes[chainHeader];
  return {
    outcome: 'accepted',
    payload: payloadOf(message, queueUrl),
    context: {},
    modelInput: null,
    warnings: [],
    repeat: null,
    natural: { key: `${queueUrl}\n${messageId}`, timeMs: sentAtMs },
    ...(signedChain === undefined ? {} : { signedChain }),
    origin: { account: queueUrl, address: group === null ? {} : { message_group_id: group } },
  };
}
