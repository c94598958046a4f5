import * as z from 'zod';
import { categories } from '../../core/connectors/categories.ts';
import { testKinds } from '../../core/connectors/test-kinds.ts';
import { mode } from './connector.ts';
import { nextRuns } from './connector-source.ts';
import { nextCursor } from './page.ts';
import { anyJsonObject, orNull } from './values.ts';

export const wireModeDescription = z
  .object({
    mode,
    summary: z.string(),
    config_schema: anyJsonObject.meta({
      description: 'JSON Schema of the configuration. It also drives the form.',
    }),
    secret_fields: z.array(z.string()).meta({ description: 'Fields whose values are never returned.' }),
    has_secret: z.boolean().meta({ description: 'Whether such a connector has its own secret.' }),
    has_url: z.boolean().meta({ description: 'Whether such a connector has a URL.' }),
    draft_test: z
      .enum(testKinds)
      .nullable()
      .meta({
        description:
          'How to test a configuration before creating a connector: by connecting, or by sending a sample result; `null` ' +
          'if it cannot be tested.',
      }),
    tests: z.array(z.enum(testKinds)).meta({
      description: 'How such a connector can be tested: by connecting, by sending a sample result.',
    }),
    instructions: z.string().nullable().meta({
      description:
        'What to set up at the other side, in Markdown; in code, `{{url}}` and `{{secret}}` stand for those of the connector.',
    }),
    samples: z.array(z.object({ title: z.string(), config: anyJsonObject })),
  })
  .meta({ id: 'ModeDescription' });
export type WireModeDescription = z.infer<typeof wireModeDescription>;

/** How a connector type describes itself, for the marketplace and the form. */
export const wireConnectorType = z
  .object({
    name: z.string(),
    title: z.string(),
    summary: z.string(),
    category: z.enum(categories).meta({ description: 'Where the marketplace lists the type.' }),
    icon: z.string().meta({ description: 'Inner SVG markup for a 24 x 24 view box.' }),
    modes: z.array(wireModeDescription),
    connection_type: z.string().nullable().meta({
      description: 'Type of the connections that its connectors can use; `null` if they use none.',
    }),
  })
  .meta({ id: 'ConnectorType' });
export type WireConnectorType = z.infer<typeof wireConnectorType>;

export const checkConnectorBody = z
  .strictObject({
    mode,
    config: anyJsonObject.default({}),
    connection: z
      .string()
      .nullable()
      .default(null)
      .meta({ description: 'Name of the connection that provides the rest of the configuration.' }),
  })
  .meta({ id: 'CheckConnector' });
export type CheckConnectorBody = z.input<typeof checkConnectorBody>;

/** What a valid configuration would do. */
export const checkedConnector = z
  .object({
    schedule: orNull(nextRuns).meta({ description: 'Its next ticks; `null` without a schedule.' }),
  })
  .meta({ id: 'CheckedConnector' });
export type CheckedConnector = z.infer<typeof checkedConnector>;

export const connectorTypeList = z.object({
  items: z.array(wireConnectorType),
  next_cursor: nextCursor,
});
