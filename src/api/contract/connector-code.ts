import * as z from 'zod';
import { anyJson } from './values.ts';

/** A field that differs. */
export const connectorFieldChange = z
  .object({
    field: z.string().meta({ description: 'Dot path, such as `agents` or `config.topic`.' }),
    before: anyJson.meta({ description: '`null` if it was not set, or is secret.' }),
    after: anyJson.meta({ description: '`null` if it is not set any more, or is secret.' }),
    secret: z.boolean().meta({ description: 'The values are secret and are not shown.' }),
  })
  .meta({ id: 'ConnectorFieldChange' });
export type WireFieldChange = z.infer<typeof connectorFieldChange>;

/** Where a connector that comes from code was written. */
export const connectorCode = z
  .object({
    key: z.string().meta({ description: 'Name of its file, without the extension.' }),
    file: z.string().meta({ examples: ['connectors/order-events.yaml'] }),
    drift: z.array(connectorFieldChange).meta({
      description: 'Edits made here since the file was applied; the next apply takes them back.',
    }),
  })
  .meta({ id: 'ConnectorCode' });
export type WireConnectorCode = z.infer<typeof connectorCode>;
