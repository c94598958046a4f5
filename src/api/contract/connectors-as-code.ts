import * as z from 'zod';
import { modes } from '../../core/connectors/connector.ts';
import { deliveryMode, givenLink } from './connector.ts';
import { connectorFieldChange } from './connector-code.ts';
import { nextCursor } from './page.ts';
import { anyJsonObject } from './values.ts';

/** A connector as its file describes it, with its variables filled in. */
const describedConnector = z
  .strictObject({
    key: z
      .string()
      .min(1)
      .max(200)
      .meta({ description: 'Name of the file, without its extension: identifies the connector.' }),
    name: z.string().max(200),
    type: z.string().min(1),
    mode: z.enum(modes),
    config: anyJsonObject.default({}).meta({
      description: 'A secret field takes its value, or `{"secret": "<name>"}` of a named secret.',
    }),
    connection: z
      .string()
      .max(200)
      .nullable()
      .default(null)
      .meta({ description: 'Name of the connection to use.' }),
    agents: z.array(givenLink).default([]),
    filter: z.string().nullable().default(null),
    delivery: deliveryMode.default('automatic'),
    enabled: z.boolean().default(true),
  })
  .meta({ id: 'DescribedConnector' });
export type DescribedConnector = z.input<typeof describedConnector>;

const connectors = z
  .array(describedConnector)
  .max(2_000)
  .refine((all) => new Set(all.map(({ key }) => key)).size === all.length, 'must have different keys')
  .meta({ description: 'All connectors that come from code: those without a description are removed.' });

export const planConnectorsBody = z.strictObject({ connectors }).meta({ id: 'PlanConnectors' });
export type PlanConnectorsBody = z.input<typeof planConnectorsBody>;

export const applyConnectorsBody = z
  .strictObject({
    connectors,
    digest: z.string().optional().meta({
      description: 'Digest of the confirmed plan. If the plan has changed since, nothing is applied.',
    }),
  })
  .meta({ id: 'ApplyConnectors' });
export type ApplyConnectorsBody = z.input<typeof applyConnectorsBody>;

const planStep = z
  .object({
    action: z.enum(['create', 'change', 'replace', 'remove']).meta({
      description: '`replace`: another type or mode needs a new connector, with a new URL and secret.',
    }),
    key: z.string(),
    name: z.string(),
    type: z.string(),
    mode: z.enum(modes),
    connector_id: z.string().nullable().meta({ description: '`null` if it does not exist yet.' }),
    adopted: z.boolean().meta({ description: 'It was created by hand, and comes from code from now on.' }),
    changes: z.array(
      connectorFieldChange.extend({
        edited_elsewhere: z.boolean().meta({ description: 'It was edited by hand since the last apply.' }),
      }),
    ),
  })
  .meta({ id: 'ConnectorPlanStep' });
export type WirePlanStep = z.infer<typeof planStep>;

/** What applying would do. */
export const connectorPlan = z
  .object({
    steps: z.array(planStep),
    unchanged: z.int().meta({ description: 'Connectors that are as described.' }),
    digest: z.string().meta({ description: 'Pass it to apply exactly this plan.' }),
  })
  .meta({ id: 'ConnectorPlan' });
export type WireConnectorPlan = z.infer<typeof connectorPlan>;

/** What was done. */
export const appliedConnectors = connectorPlan
  .extend({
    created: z.array(z.object({ key: z.string(), connector_id: z.string() })).meta({
      description: 'The new connectors.',
    }),
  })
  .meta({ id: 'AppliedConnectors' });

const secretName = z.string().meta({ description: 'Name of the secret.' });

export const namedSecretParams = z.object({ name: secretName });

export const setNamedSecretBody = z
  .strictObject({ value: z.string().meta({ description: 'No response contains it.' }) })
  .meta({ id: 'SetNamedSecret' });

export const namedSecretList = z
  .object({
    items: z.array(z.object({ name: secretName })),
    next_cursor: nextCursor,
  })
  .meta({ id: 'NamedSecretList' });
