import * as z from 'zod';
import { mode } from './connector.ts';
import { nextRuns } from './connector-source.ts';
import { anyJsonObject, orNull } from './values.ts';

export const wireModeDescription = z
  .object({
    mode,
    summary: z.string(),
    config_schema: anyJsonObject.meta({
      description: 'JSON Schema of the configuration: it validates, and a form renders from it.',
    }),
    secret_fields: z.array(z.string()).meta({ description: 'Fields whose values are never shown again.' }),
    has_secret: z.boolean().meta({ description: 'Whether such a connector gets a secret of its own.' }),
    has_url: z.boolean().meta({ description: 'Whether such a connector is called at a URL.' }),
    draft_test: z
      .enum(['connection', 'delivery'])
      .nullable()
      .meta({
        description:
          'How a configuration can be tried out before a connector is made of it: by connecting, or by sending a made-up ' +
          'result; `null` where it cannot.',
      }),
    samples: z.array(z.object({ title: z.string(), config: anyJsonObject })),
  })
  .meta({ id: 'ModeDescription' });
export type WireModeDescription = z.infer<typeof wireModeDescription>;

/** What a connector type says of itself: marketplace entry and form. */
export const wireConnectorType = z
  .object({
    name: z.string(),
    title: z.string(),
    summary: z.string(),
    icon: z.string().meta({ description: 'Inner SVG markup for a 24 x 24 view box.' }),
    modes: z.array(wireModeDescription),
  })
  .meta({ id: 'ConnectorType' });
export type WireConnectorType = z.infer<typeof wireConnectorType>;

export const checkConnectorBody = z
  .strictObject({ mode, config: anyJsonObject.default({}) })
  .meta({ id: 'CheckConnector' });
export type CheckConnectorBody = z.input<typeof checkConnectorBody>;

export const draftTest = z
  .object({
    tested: z.enum(['connection', 'delivery']).meta({
      description: '`connection`: nothing was sent; `delivery`: a made-up result was.',
    }),
    ok: z.boolean().meta({ description: 'Whether it worked.' }),
    detail: z.string().nullable().meta({ description: 'What was found, in one sentence.' }),
    error: z.string().nullable().meta({ description: 'Why it did not work, in one sentence.' }),
    status_code: z.int().nullable().meta({ description: 'What a target answered, where it speaks HTTP.' }),
    response_excerpt: z.string().nullable().meta({ description: 'The first 1,000 characters of it.' }),
    duration_ms: z.int(),
  })
  .meta({ id: 'DraftTest' });
export type DraftTest = z.infer<typeof draftTest>;

/** What a valid configuration would do. */
export const checkedConnector = z
  .object({
    schedule: orNull(nextRuns).meta({ description: 'When its ticks would come; `null` where it has none.' }),
  })
  .meta({ id: 'CheckedConnector' });
export type CheckedConnector = z.infer<typeof checkedConnector>;

export const connectorTypeList = z.object({
  items: z.array(wireConnectorType),
  next_cursor: z.null(),
});
