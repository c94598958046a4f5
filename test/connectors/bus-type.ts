import * as z from 'zod';
import type { ConnectorType } from '../../src/core/connectors/connector-type.ts';
import { parseExactly } from '../../src/core/json/exact-json.ts';
import { jsonObject, Payload } from '../../src/core/json/json-value.ts';

const config = z.object({ bus: z.string(), pattern: jsonObject });

/** An event of EventBridge, of which this type uses three fields. */
const event = z.looseObject({ id: z.string(), time: z.iso.datetime(), detail: jsonObject });

interface BusEvent {
  readonly text: string;
}

/** A small connector type of the tests: events of a bus, by a rule; refuses those whose detail says `refuse`. */
export const busType: ConnectorType<BusEvent, never> = {
  name: 'bus',
  title: 'Bus',
  summary: 'Events of a bus.',
  category: 'queues',
  icon: '',
  modes: {
    inbound: {
      summary: 'Events of a bus.',
      config,
      ways: {
        rule: {
          serves: ({ bus }) => bus !== '',
          rule: (given) => config.parse(given),
          event(text) {
            event.parse(JSON.parse(text));
            return { text };
          },
        },
      },
      samples: [{ title: 'all', config: { bus: 'default', pattern: {} } }],
    },
  },
  async receive({ text }, context) {
    const refused = context.admit();
    if (refused !== null) return refused;
    const { id, time, detail } = event.parse(JSON.parse(text));
    if (detail['refuse'] === true) {
      return { outcome: 'refused', reason: 'malformed', detail: 'It says so itself.' };
    }
    return {
      outcome: 'accepted',
      payload: Payload.of(parseExactly(text)),
      context: {},
      modelInput: null,
      warnings: [],
      repeat: null,
      natural: { key: id, timeMs: Date.parse(time) },
    };
  },
  deadLetterCodec: {
    write: ({ text }) => ({ text }),
    read: (kept) => z.object({ text: z.string() }).parse(kept),
  },
};
