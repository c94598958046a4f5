import type { AnyConnectorType, ConnectorTypes } from '../core/connectors/connector-type.ts';
import { cron } from './cron/cron.ts';
import { kafka } from './kafka/kafka.ts';
import { webhook } from './webhook/webhook.ts';

const types: readonly AnyConnectorType[] = [webhook, kafka, cron];

/** Every connector type by its name; a new one is a folder beside this file and a line here. */
export const connectorTypes: ConnectorTypes = new Map(types.map((type) => [type.name, type]));
