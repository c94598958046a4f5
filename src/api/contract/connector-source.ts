import * as z from 'zod';
import { pageOf, pageQuery } from './page.ts';
import { isoTime } from './values.ts';

/** The next ticks of a schedule. */
export const nextRuns = z
  .object({
    items: z.array(z.object({ at: isoTime })).meta({
      description: 'The next five ticks, in order; empty while the connector is disabled.',
    }),
    next_cursor: z.null(),
    schedule_in_words: z.string().meta({ examples: ['At 09:00, Monday through Friday'] }),
    timezone: z.string().meta({ examples: ['Europe/Berlin'] }),
  })
  .meta({ id: 'NextRuns' });
export type NextRuns = z.infer<typeof nextRuns>;

export const startedRuns = z
  .object({
    run_ids: z.array(z.string()),
    filtered: z.boolean().meta({ description: 'Whether a filter kept the event from starting runs.' }),
  })
  .meta({ id: 'StartedRuns' });

export const sourceStatus = z.enum(['not-needed', 'stopped', 'starting', 'running', 'failing']);

/** The state of a connector's source. */
export const wireSourceState = z
  .object({
    status: sourceStatus.meta({
      description:
        '`not-needed`: the connector is called over HTTP or delivers results; `stopped`: it is disabled or has no agents.',
    }),
    connected: z.boolean().meta({ description: 'Whether events currently arrive.' }),
    since: isoTime.nullable().meta({ description: 'When the status last changed.' }),
    last_error: z
      .object({ at: isoTime, message: z.string() })
      .nullable()
      .meta({ description: 'The last error.' }),
    next_event_at: isoTime.nullable().meta({ description: 'When the next event is due, if known.' }),
    lag: z
      .int()
      .nullable()
      .meta({ description: 'Number of events that wait at the source; `null` if it has no backlog.' }),
    oldest_seconds: z.int().nullable().meta({
      description: 'Age of the oldest event that waits, in seconds; `null` if unknown.',
    }),
    positions: z.array(
      z.object({
        stream: z.string().meta({ description: 'For example a partition of a topic.' }),
        next: z.int().nullable().meta({ description: 'Position of the first event not yet consumed.' }),
        end: z.int().meta({ description: 'Position that the next event to arrive will have.' }),
        lag: z.int().nullable(),
      }),
    ),
  })
  .meta({ id: 'SourceState' });
export type WireSourceState = z.infer<typeof wireSourceState>;

export const wireConnectorEvent = z
  .object({
    event_id: z.string(),
    at: isoTime,
    event: z
      .string()
      .meta({ examples: ['tick.missed', 'tick.skipped', 'source.failing', 'connector.disabled'] }),
    detail: z.string(),
  })
  .meta({ id: 'ConnectorEvent' });
export type WireConnectorEvent = z.infer<typeof wireConnectorEvent>;

export const connectorEventPage = pageOf(wireConnectorEvent);

export const connectorEventListQuery = z.strictObject(pageQuery);
export type ConnectorEventListQuery = z.input<typeof connectorEventListQuery>;
