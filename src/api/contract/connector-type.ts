import { z } from 'zod';
import { mode } from './connector.ts';
import { anyJsonObject } from './values.ts';

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

export const connectorTypeList = z.object({
  items: z.array(wireConnectorType),
  next_cursor: z.null(),
});
