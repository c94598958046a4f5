import type { Connector } from '../../core/connectors/connector.ts';
import type { Endpoint, ModeDescription } from '../../core/connectors/connector-type.ts';
import { storedQueueFields } from './queue-config.ts';

/** Looks whether the queue is there and the credentials are taken. */
export const probe: NonNullable<ModeDescription['probe']> = async (config, context) =>
  (await import('./probe.ts')).probe(config, context);

/** How many messages wait in the queue. */
export const backlog: NonNullable<ModeDescription['backlog']> = async (config, context) =>
  (await import('./probe.ts')).backlog(config, context);

/** Where messages come from or go to. */
export function queueEndpoint({ config }: Pick<Connector, 'config'>): Endpoint {
  return { title: 'Queue', text: storedQueueFields.parse(config).queue_url };
}
