import * as z from 'zod';
import { maxConditionCharacters } from '../../core/conditions/condition.ts';
import { deliveryModes, modes } from '../../core/connectors/connector.ts';
import { healthStatuses } from '../../core/connectors/health-status.ts';
import { testKinds } from '../../core/connectors/test-kinds.ts';
import { heldDecisions } from '../../core/deliveries/delivery.ts';
import { connectorCode } from './connector-code.ts';
import { heldDeliveries } from './delivery.ts';
import { pageOf, pageQuery } from './page.ts';
import { pauseChanges, pauseFields } from './pause.ts';
import { anyJson, anyJsonObject, isoTime, orNull } from './values.ts';

export const mode = z.enum(modes).meta({ id: 'Mode' });

const sampleRequest = z
  .object({
    method: z.string(),
    url: z.string(),
    headers: z.record(z.string(), z.string()),
    body: z.string().nullable(),
  })
  .meta({ id: 'SampleRequest' });
export type WireSampleRequest = z.infer<typeof sampleRequest>;

/** A connector's health, the same wherever the connector is shown. */
export const connectorHealth = z
  .object({
    status: z.enum(healthStatuses).meta({
      description:
        '`ok`; `failing`: its source or its receiver does not work; `idle`: nothing has come in or gone out yet, or no ' +
        'agent is linked; `paused`; `disabled`.',
    }),
    since: isoTime.nullable().meta({ description: 'Since when it has this status, if known.' }),
    reason: z.string().nullable().meta({ description: 'Why it is not `ok`, in one sentence.' }),
    last_event_at: isoTime.nullable().meta({ description: 'Last event; `null` for outbound connectors.' }),
    last_delivery_at: isoTime.nullable().meta({
      description: 'Last accepted delivery; `null` for other than outbound connectors.',
    }),
    runs_24h: z.int().meta({ description: 'Runs started in the last 24 hours.' }),
    failed_24h: z.int().meta({ description: 'The number of these that failed.' }),
    filtered_24h: z.int().meta({
      description: 'Filtered events of the last 24 hours.',
    }),
    warning: z.string().nullable().meta({
      description: 'What else an operator should know: a condition with an error, in one sentence.',
    }),
  })
  .meta({ id: 'ConnectorHealth' });
export type WireHealth = z.infer<typeof connectorHealth>;

/** Documentation only: the core says at which character a condition is wrong. */
const condition = z.string().meta({ maxLength: maxConditionCharacters });

/** A link: the agent's name, or an object if the link has a condition. */
export const link = z
  .union([z.string(), z.object({ name: z.string(), when: z.string() })])
  .meta({ id: 'Link' });

/** A link as callers give it. */
export const givenLink = z
  .union([
    z.string(),
    z.strictObject({
      name: z.string(),
      when: condition
        .nullable()
        .optional()
        .meta({
          description:
            'The link wants only events, or results, for which this condition is true; `null` or blank: all.',
          examples: ['input.total > 100'],
        }),
    }),
  ])
  .meta({ id: 'GivenLink' });
export type GivenLink = z.input<typeof givenLink>;

const filter = condition.nullable().meta({
  description:
    'The connector wants only events for which this condition is true. It reads `input`, `context`, and `connector`; that of an ' +
    'outbound connector `output`, `status`, `input`, and `context`. `null` or blank: it wants all.',
  examples: ['context.request.headers["x-github-event"] == "issues"'],
});

/** What an outbound connector delivers. */
export const deliveryMode = z.enum(deliveryModes).meta({
  id: 'DeliveryMode',
  description:
    'What an outbound connector delivers. `automatic`: the results of its agents. `tool`: what their models send with the ' +
    'tool `send_to_<name>`. `code`: what their tools and middleware send with `send_connector`.',
});

export type WireDeliveryMode = z.infer<typeof deliveryMode>;

/** A connector, without its secrets. */
export const wireConnector = z
  .object({
    id: z.string(),
    name: z.string(),
    type: z.string(),
    mode,
    config: anyJsonObject.meta({
      description: 'Without secret fields, and without fields that come from its connection.',
    }),
    secret_fields: z.array(z.string()).meta({
      description: 'Names of the secret fields that are set, without those that come from its connection.',
    }),
    connection: z.string().nullable().meta({
      description:
        'Name of the connection that provides the rest of its configuration; `null` if there is none.',
    }),
    connection_fields: z.array(z.string()).meta({ description: 'Names of the fields that come from it.' }),
    agents: z.array(link).meta({
      description: 'Linked agents, in link order: the name, or an object if the link has a condition.',
    }),
    filter,
    delivery: orNull(deliveryMode).meta({ description: '`null` for other than outbound connectors.' }),
    enabled: z.boolean(),
    disabled_reason: z.string().nullable().meta({ description: 'Why the system disabled it.' }),
    failing_since: isoTime.nullable().meta({
      description: 'Outbound: the first failed attempt since the last success.',
    }),
    code: orNull(connectorCode).meta({ description: '`null` if it does not come from code.' }),
    health: connectorHealth,
    ...pauseFields,
    url: z.string().nullable().meta({ description: 'The URL to call; `null` without one.' }),
    endpoint: z.object({ title: z.string(), text: z.string() }).nullable().meta({
      description:
        'Where its events come from or its results go, for people to read; `null` if `url` says it.',
    }),
    sample_payload: anyJson.meta({
      description:
        'A payload to try the connector with, which its agents can read; `null` if nothing can be sent to it.',
    }),
    sample_request: sampleRequest.nullable().meta({
      description:
        'A request that the connector accepts, with `$SECRET` in place of its secret. If its URL begins with `ws`, it opens a ' +
        'connection, and `body` is the first message. `null` without a URL, and where senders sign each request.',
    }),
    created_at: isoTime,
    updated_at: isoTime,
  })
  .meta({ id: 'Connector' });
export type WireConnector = z.infer<typeof wireConnector>;

/** The response to creation: the only one with both the connector and its secret. */
export const createdConnector = wireConnector
  .extend({ secret: z.string().nullable().meta({ description: '`null` if the mode has no secret.' }) })
  .meta({ id: 'CreatedConnector' });
export type CreatedConnector = z.infer<typeof createdConnector>;

export const connectorPage = pageOf(wireConnector);

export const connectorListQuery = z.strictObject({
  ...pageQuery,
  type: z.string().min(1).optional(),
  mode: mode.optional(),
});
export type ConnectorListQuery = z.input<typeof connectorListQuery>;

/**
 * Documentation only: the core rejects a blank name together with all other invalid fields, so that one response lists
 * every problem.
 */
const name = z.string().max(200).meta({ minLength: 1, pattern: '\\S' });

const connectionName = z.string().max(200);

export const createConnectorBody = z
  .strictObject({
    name,
    type: z
      .string()
      .min(1)
      .meta({ examples: ['webhook'] }),
    mode,
    config: anyJsonObject.default({}),
    connection: connectionName.nullable().default(null).meta({
      description:
        'Name of the connection to use, which provides its fields. `config` must not set them, too.',
    }),
    agents: z.array(givenLink).default([]),
    filter: filter.optional(),
    delivery: deliveryMode.optional(),
  })
  .meta({ id: 'CreateConnector' });
export type CreateConnectorBody = z.input<typeof createConnectorBody>;

/** Omitted fields keep their values. */
export const changeConnectorBody = z
  .strictObject({
    name: name.optional(),
    config: anyJsonObject.optional().meta({
      description: 'Omitted fields keep their values; `null` resets a field to its default.',
    }),
    connection: connectionName.nullable().optional().meta({
      description:
        "Name of the connection to use; its fields replace the connector's own. `null`: none, so `config` must set them.",
    }),
    enabled: z.boolean().optional(),
    held_deliveries: z.enum(heldDecisions).optional().meta({
      description: 'With `enabled: true`: what to do with held results. Default: `keep`.',
    }),
    agents: z.array(givenLink).optional().meta({
      description: 'Replaces all links. A name without `when` has no condition.',
    }),
    filter: filter.optional(),
    delivery: deliveryMode.optional(),
    ...pauseChanges,
  })
  .meta({ id: 'ChangeConnector' });
export type ChangeConnectorBody = z.input<typeof changeConnectorBody>;

/** The response to a change. */
export const changedConnector = wireConnector
  .extend({
    held_deliveries: orNull(heldDeliveries).meta({
      description: 'After an outbound connector was enabled: its held results; else `null`.',
    }),
  })
  .meta({ id: 'ChangedConnector' });
export type ChangedConnector = z.infer<typeof changedConnector>;

export const connectorSecret = z
  .object({
    secret: z.string(),
    previous_valid_until: isoTime.nullable().meta({
      description: 'When the previous secret stops working; `null` if it no longer works.',
    }),
  })
  .meta({ id: 'ConnectorSecret' });
export type ConnectorSecret = z.infer<typeof connectorSecret>;

/** Thirty days: callers that need two secrets for longer should use two connectors. */
const maxGraceSeconds = 30 * 24 * 3_600;

export const rotateSecretBody = z
  .strictObject({
    grace_seconds: z.int().min(0).max(maxGraceSeconds).default(86_400).meta({
      description: 'How long the old secret keeps working; 0 invalidates it immediately.',
    }),
  })
  .meta({ id: 'RotateSecret' });

/** The result of testing a connector, or a configuration that has no connector yet. */
export const draftTest = z
  .object({
    tested: z.enum(testKinds).meta({
      description: '`connection`: only connected; `delivery`: sent a sample result.',
    }),
    ok: z.boolean().meta({ description: 'Whether the test succeeded.' }),
    detail: z.string().nullable().meta({ description: 'What the test found, in one sentence.' }),
    error: z.string().nullable().meta({ description: 'Why the test failed, in one sentence.' }),
    status_code: z
      .int()
      .nullable()
      .meta({ description: 'HTTP status of the target; `null` for other protocols.' }),
    response_excerpt: z
      .string()
      .nullable()
      .meta({ description: 'The first 1,000 characters of the response.' }),
    duration_ms: z.int(),
  })
  .meta({ id: 'DraftTest' });
export type DraftTest = z.infer<typeof draftTest>;

export const testConnectorBody = z
  .strictObject({
    kind: z.enum(testKinds).optional().meta({
      description: 'Default: `delivery` for outbound connectors, `connection` for all others.',
    }),
  })
  .meta({ id: 'TestConnector' });

export const connectorTest = draftTest
  .extend({ delivered: z.boolean().meta({ description: 'Whether the target accepted a sample result.' }) })
  .meta({ id: 'ConnectorTest' });
export type ConnectorTest = z.infer<typeof connectorTest>;

export const linkBody = z
  .strictObject({
    when: condition
      .nullable()
      .optional()
      .meta({
        description: 'The condition of the link; `null` removes it. Default: a link keeps its condition.',
        examples: ['input.total > 100'],
      }),
  })
  .meta({ id: 'LinkAgent' });
export type LinkBody = z.input<typeof linkBody>;

/** Conditions to try out, and what to try them on. */
export const tryFilterBody = z
  .strictObject({
    filter: condition.nullable().optional().meta({
      description: "In place of the connector's filter; `null`: none. Default: its own.",
    }),
    when: z
      .union([condition, z.record(z.string(), condition.nullable()), z.null()])
      .optional()
      .meta({
        description:
          "In place of the links' conditions: one for all linked agents, or an object with one by agent. Default: their own.",
      }),
    trigger_id: z.string().optional().meta({ description: 'Try it on this stored event.' }),
    run_id: z.string().optional().meta({ description: 'Outbound: try it on the result of this run.' }),
    payload: anyJson.optional().meta({
      description:
        'Try it on this payload. Outbound: an object with `output`, `status`, `input`, and `context`.',
    }),
    headers: z.record(z.string(), z.string()).optional().meta({
      description: 'Headers of the request with the payload.',
    }),
  })
  .meta({ id: 'TryFilter' });
export type TryFilterBody = z.input<typeof tryFilterBody>;

/** The same for a connector that is not created yet. */
export const tryDraftFilterBody = z
  .strictObject({
    mode,
    name: z
      .string()
      .max(200)
      .default('')
      .meta({ description: 'Conditions can read it as `connector.name`.' }),
    filter: condition.nullable().optional().meta({ description: 'The filter of the connector.' }),
    when: z.record(z.string(), condition.nullable()).default({}).meta({
      description: 'The linked agents, each with the condition of its link, or `null`.',
    }),
    run_id: tryFilterBody.shape.run_id,
    payload: tryFilterBody.shape.payload,
  })
  .meta({ id: 'TryDraftFilter' });
export type TryDraftFilterBody = z.input<typeof tryDraftFilterBody>;

export const triedFilter = z
  .object({
    wanted: z.boolean().meta({ description: 'Whether at least one agent wants it.' }),
    reason: z.string().nullable().meta({ description: 'Why not; `null` if it is wanted.' }),
    agents: z.array(
      z.object({
        name: z.string(),
        wanted: z.boolean(),
        reason: z.string().nullable().meta({ description: 'Why not; `null` if it is wanted.' }),
      }),
    ),
  })
  .meta({ id: 'TriedFilter' });
export type TriedFilter = z.infer<typeof triedFilter>;
