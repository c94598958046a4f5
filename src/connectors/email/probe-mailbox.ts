import type { ProbeContext, Probed } from '../../core/connectors/connector-type.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { inboundConfigOf } from './config.ts';
import { mailError } from './mail-error.ts';
import { withMailbox } from './mailbox-client.ts';

/** Short enough for the waiting operator and the gateway. */
const patienceMs = 10_000;

/**
 * Logs in like a connector with this configuration and counts the messages of its mailbox. It neither reads nor changes
 * them.
 *
 * @throws ZodError where the configuration is not valid
 */
export async function probeMailbox(config: JsonObject, context: ProbeContext): Promise<Probed> {
  const inbound = inboundConfigOf(config);
  const limit = AbortSignal.timeout(patienceMs);
  const signal = AbortSignal.any([context.signal, limit]);
  try {
    const access = { ...context, config: inbound, signal };
    return await withMailbox(access, true, async (client) => {
      const status = await client.status(inbound.mailbox, { messages: true, unseen: true });
      const { messages = 0, unseen = 0 } = status === false ? {} : status;
      const starts = inbound.unread_only ? 'The unread ones will start runs' : 'New ones will start runs';
      const detail = `The mailbox "${inbound.mailbox}" has ${messages} ${messages === 1 ? 'message' : 'messages'}, ${unseen} of them unread. ${starts}, as far as they match the filters.`;
      return { outcome: 'reached', detail };
    });
  } catch (thrown) {
    const error = limit.aborted
      ? `The mail server did not respond within ${patienceMs / 1_000} seconds.`
      : mailError(thrown, Object.values(context.secrets));
    return { outcome: 'failed', error };
  }
}
