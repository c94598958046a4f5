import * as z from 'zod';
import { connectorHealth, deliveryMode, mode } from './connector.ts';
import { nextCursor } from './page.ts';
import { pauseFields } from './pause.ts';
import { runStatus } from './run.ts';
import { anyJson, orNull, sumOfCosts } from './values.ts';

/** A linked connector, as shown with an agent. */
export const linkedConnector = z
  .object({
    id: z.string(),
    name: z.string(),
    type: z.string(),
    mode,
    delivery: orNull(deliveryMode).meta({ description: '`null` for other than outbound connectors.' }),
    enabled: z.boolean(),
    health: connectorHealth,
  })
  .meta({ id: 'LinkedConnector' });
export type LinkedConnector = z.infer<typeof linkedConnector>;

export const recentNumbers = z
  .object({
    period_seconds: z.int(),
    runs: z.record(runStatus, z.int()),
    tokens: z.int(),
    cost_usd: sumOfCosts,
    duration_ms: z.object({ p50: z.number(), p95: z.number() }).nullable(),
  })
  .meta({ id: 'RecentNumbers' });
export type RecentNumbers = z.infer<typeof recentNumbers>;

/** An agent of the project with its connectors and its numbers for the last day. */
export const wireAgent = z
  .object({
    name: z.string(),
    description: z.string().nullable(),
    type: z.enum(['llm', 'sequential', 'tool']),
    model: z.string().nullable(),
    tools: z.array(z.string()),
    discoverable_tools: z
      .array(z.string())
      .meta({ description: 'The tools that the model finds by searching.' }),
    mcp_servers: z
      .array(
        z.object({
          name: z.string(),
          url: z
            .string()
            .meta({ description: 'As in the file of the agent, with variables, and without the query.' }),
          tools: z
            .array(z.string())
            .nullable()
            .meta({ description: 'The tools that the agent can use; `null` for all.' }),
          discoverable: z.boolean().meta({ description: 'Whether the model finds the tools by searching.' }),
        }),
      )
      .meta({ description: 'The MCP servers whose tools the agent can use.' }),
    steps: z.array(z.string()).meta({ description: 'The agents that a sequential agent runs, in order.' }),
    timeout_seconds: z.number(),
    max_concurrent_runs: z.int().nullable(),
    concurrency: z.object({ key: z.string(), on_conflict: z.enum(['queue', 'drop']) }).nullable(),
    session: z.object({ key: z.string(), ttl_seconds: z.number().nullable() }).nullable(),
    guardrails: z
      .array(
        z.object({
          direction: z.enum(['input', 'output']),
          type: z.string(),
          name: z.string(),
          mode: z.enum(['block', 'warn', 'redact']),
        }),
      )
      .meta({ description: "What checks the agent's input and output, in order." }),
    context_compression: z
      .object({
        model: z.string().nullable().meta({ description: "`null` for the agent's own." }),
        max_prompt_tokens: z.int(),
        keep_recent_messages: z.int(),
        session_history: z.object({ interval: z.int(), keep_recent_runs: z.int() }).nullable(),
      })
      .nullable()
      .meta({
        description: 'When the beginning of its conversation is replaced by a summary; `null` for never.',
      }),
    file: z.string().meta({ description: 'Relative to the project folder.' }),
    code: z.array(z.string()).meta({
      description:
        'The files of middleware and hooks that run with the agent, relative to the project folder.',
    }),
    input_schema: anyJson.meta({
      description: 'JSON Schema that each payload must fit; `null` if any may come.',
    }),
    output_schema: anyJson,
    sample_payload: anyJson.meta({ description: 'A payload to try the agent with.' }),
    missing_key: z.string().nullable().meta({
      description:
        'What to set before it can run, in one sentence; `null` if nothing is known to be missing.',
    }),
    ...pauseFields,
    connectors: z.array(linkedConnector),
    recent: recentNumbers,
  })
  .meta({ id: 'Agent' });
export type WireAgent = z.infer<typeof wireAgent>;

export const projectProblem = z
  .object({
    file: z.string(),
    line: z.int().nullable(),
    field: z.string().nullable(),
    message: z.string(),
  })
  .meta({ id: 'ProjectProblem' });

/** All agents of the project, in one page. `problems` are those of the last reload, which left the agents unchanged. */
export const agentList = z.object({
  items: z.array(wireAgent),
  next_cursor: nextCursor,
  problems: z.array(projectProblem),
});
export type AgentList = z.infer<typeof agentList>;
