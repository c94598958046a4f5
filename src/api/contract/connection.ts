import * as z from 'zod';
import { mode } from './connector.ts';
import { nextCursor, pageOf, pageQuery } from './page.ts';
import { anyJsonObject, isoTime } from './values.ts';

const connectionUser = z
  .object({
    id: z.string(),
    name: z.string(),
    type: z.string(),
    mode,
    up_to_date: z.boolean().meta({ description: 'Whether it has the current values of the connection.' }),
  })
  .meta({ id: 'ConnectionUser' });

/** A connection, without its secrets. */
export const wireConnection = z
  .object({
    id: z.string(),
    name: z.string(),
    type: z.string().meta({ description: 'See `GET /connection-types`.' }),
    config: anyJsonObject.meta({ description: 'Without secret fields.' }),
    secret_fields: z.array(z.string()).meta({ description: 'Names of the secret fields that are set.' }),
    pending: z.boolean().meta({
      description: 'Whether some of its connectors do not have the last change yet. The system completes it.',
    }),
    used_by: z.array(connectionUser).meta({ description: 'Connectors that use it, in order of creation.' }),
    created_at: isoTime,
    updated_at: isoTime,
  })
  .meta({ id: 'Connection' });
export type WireConnection = z.infer<typeof wireConnection>;

export const connectionPage = pageOf(wireConnection);

export const connectionListQuery = z.strictObject({ ...pageQuery, type: z.string().min(1).optional() });
export type ConnectionListQuery = z.input<typeof connectionListQuery>;

/** Documentation only, as for connectors. */
const name = z
  .string()
  .max(200)
  .meta({ minLength: 1, pattern: '\\S', description: 'Unique: connectors refer to it.' });

export const createConnectionBody = z
  .strictObject({
    name,
    type: z
      .string()
      .min(1)
      .meta({ examples: ['aws'] }),
    config: anyJsonObject.default({}).meta({ description: 'With its secret fields.' }),
  })
  .meta({ id: 'CreateConnection' });
export type CreateConnectionBody = z.input<typeof createConnectionBody>;

/** Omitted fields keep their values. */
export const changeConnectionBody = z
  .strictObject({
    name: name.optional(),
    config: anyJsonObject.optional().meta({
      description:
        'Omitted fields keep their values, including secret ones; `null` removes a field or resets it to its default.',
    }),
  })
  .meta({ id: 'ChangeConnection' });
export type ChangeConnectionBody = z.input<typeof changeConnectionBody>;

export const testConnectionDraftBody = z
  .strictObject({ config: anyJsonObject.default({}) })
  .meta({ id: 'TestConnectionDraft' });

export const connectionTest = z
  .object({
    ok: z.boolean().meta({ description: 'Whether the credentials are accepted.' }),
    detail: z.string().nullable().meta({ description: 'What the test found, in one sentence.' }),
    error: z.string().nullable().meta({ description: 'Why the test failed, in one sentence.' }),
    duration_ms: z.int(),
  })
  .meta({ id: 'ConnectionTest' });
export type ConnectionTest = z.infer<typeof connectionTest>;

/** What connectors can share, for the form. */
export const wireConnectionType = z
  .object({
    name: z.string(),
    title: z.string(),
    summary: z.string(),
    connector_types: z.array(z.string()).meta({ description: 'Types of the connectors that can use it.' }),
    config_schema: anyJsonObject.meta({ description: 'JSON Schema of its configuration.' }),
    secret_fields: z.array(z.string()).meta({ description: 'Fields whose values are never returned.' }),
    can_be_tested: z.boolean().meta({ description: 'Whether it can be tested without a connector.' }),
    samples: z.array(z.object({ title: z.string(), config: anyJsonObject })),
  })
  .meta({ id: 'ConnectionType' });
export type WireConnectionType = z.infer<typeof wireConnectionType>;

export const connectionTypeList = z.object({ items: z.array(wireConnectionType), next_cursor: nextCursor });
