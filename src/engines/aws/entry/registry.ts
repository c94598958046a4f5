import { cronOnAws } from '../../../connectors/cron/on-aws.ts';
import { kafkaOnAws } from '../../../connectors/kafka/on-aws.ts';
import { webhook } from '../../../connectors/webhook/webhook.ts';
import type { AnyConnectorType, ConnectorTypes } from '../../../core/connectors/connector-type.ts';
import { readsKafka } from './source-environment.ts';

const types: readonly AnyConnectorType[] = [webhook, kafkaOnAws(readsKafka()), cronOnAws];

/**
 * The connector types of a deployment. Where AWS is narrower than the type itself, its form here says so before a
 * connector is made.
 */
export const deployedConnectorTypes: ConnectorTypes = new Map(types.map((type) => [type.name, type]));
