import * as z from 'zod';
import type { ConnectorType } from '../../src/core/connectors/connector-type.ts';
import type { ReceiveContext, Received } from '../../src/core/connectors/received.ts';
import type { PollContext, Polled } from '../../src/core/connectors/ways.ts';
import { messageOf } from '../../src/core/errors.ts';
import { type JsonObject, jsonObject, Payload } from '../../src/core/json/json-value.ts';

const feedConfig = z.strictObject({
  url: z.url().meta({ title: 'URL', description: 'Where the feed is.' }),
  poll_seconds: z.int().min(1).default(10).meta({ title: 'Interval', description: 'Seconds between polls.' }),
});

const feedEvent = z.looseObject({ id: z.number() });
const feedAnswer = z.object({ events: z.array(feedEvent.and(jsonObject)), more: z.boolean() });

/** A type of the tests: its events come by polls alone, from a `Feed`. */
export const feed: ConnectorType<JsonObject> = {
  name: 'feed',
  title: 'Feed',
  summary: 'Events of a numbered list.',
  category: 'web',
  icon: '<path d="M4 4h16"/>',
  modes: {
    inbound: {
      summary: 'Runs agents for each event of the list.',
      config: feedConfig,
      ways: { poll: { everySeconds: (config) => feedConfig.parse(config).poll_seconds, poll } },
      samples: [],
    },
  },
  receive,
  deadLetterCodec: { write: (event) => event, read: (kept) => kept },
};

async function poll({ connector, cursor, signal }: PollContext): Promise<Polled<JsonObject>> {
  try {
    const { url } = feedConfig.parse(connector.config);
    const answer = await fetch(`${url}/?after=${cursor ?? 0}`, { signal });
    if (answer.status !== 200) return { outcome: 'failed', error: `The feed answers ${answer.status}.` };
    const { events, more } = feedAnswer.parse(await answer.json());
    return { outcome: 'polled', events, cursor: events.at(-1)?.id ?? cursor, more };
  } catch (thrown) {
    return { outcome: 'failed', error: `The feed cannot be read: ${messageOf(thrown)}` };
  }
}

/** An event with `broken` cannot be read; the type's own code trips over one with `trap`. */
async function receive(event: JsonObject, context: ReceiveContext): Promise<Received> {
  const refused = context.admit();
  if (refused !== null) return refused;
  if ('trap' in event) throw new TypeError('a trap');
  if ('broken' in event) {
    return { outcome: 'refused', reason: 'malformed', detail: `Event ${event['id']} cannot be read.` };
  }
  return {
    outcome: 'accepted',
    payload: Payload.of(event),
    context: {},
    modelInput: null,
    warnings: [],
    repeat: null,
    natural: { key: String(event['id']), timeMs: 0, place: Number(event['id']) },
  };
}
