import type { Connector } from '../../core/connectors/connector.ts';
import type { Endpoint, ModeDescription } from '../../core/connectors/connector-type.ts';
import { storedQueueFields } from './queue-config.ts';

/** Checks that the queue exists and accepts the credentials. */
export const probe: NonNullable<ModeDescription['probe']> = async (config, context) =>
  (await import('./probe.ts')).probe(config, context);

/** Counts the messages waiting in the queue. */
export const backlog: NonNullable<ModeDescription['backlog']> = async (config, context) =>
  (await import('./probe.ts')).backlog(config, context);

/** The queue that messages come from or go to. */
export function queueEndpoint({ config }: Pick<Connector, 'config'>): Endpoint {
  return { title: 'Queue', text: storedQueueFields.parse(config).queue_url };
}
