import * as z from 'zod';
import { referencesIn } from '../../src/agents/filled-text.ts';
import { namedAgents } from '../connectors/index.ts';
import { limits } from '../limits.ts';
import type { Settings } from '../settings/settings.ts';

const guardrailFacts = z.array(z.object({ name: z.string(), model: z.string().nullish() })).readonly();

/** What a deployment needs to know about an agent. */
export const agentFacts = z.object({
  name: z.string(),
  file: z.string(),
  timeoutSeconds: z.number(),
  model: z.string().nullish(),
  fallbackModel: z.string().nullish(),
  compression: z.object({ model: z.string().nullable() }).nullish(),
  mcpServers: z
    .array(z.object({ url: z.string(), headers: z.record(z.string(), z.string()).readonly() }))
    .readonly()
    .optional(),
  guardrails: z.object({ input: guardrailFacts, output: guardrailFacts }).nullish(),
});
export type AgentFacts = z.infer<typeof agentFacts>;

/** Why agents that load without errors cannot be deployed with these settings, one sentence each. */
export function agentProblems(agents: readonly AgentFacts[], settings: Settings): string[] {
  return [
    ...agents.flatMap((agent) => [
      ...timeoutProblems(agent),
      ...modelProblems(agent, settings),
      ...variableProblems(agent, settings),
    ]),
    ...unknownAgents(agents, settings),
  ];
}

/** Agents that the settings name but the project does not define. */
function unknownAgents(agents: readonly AgentFacts[], settings: Settings): string[] {
  const known = new Set(agents.map(({ name }) => name));
  return namedAgents(settings).flatMap(([place, names]) =>
    names.filter((name) => !known.has(name)).map((name) => `${place}: there is no agent named "${name}".`),
  );
}

function timeoutProblems({ file, timeoutSeconds }: AgentFacts): string[] {
  if (timeoutSeconds <= limits.longestAgentSeconds) return [];
  const limit = `${limits.longestAgentSeconds} s, so that a run ends within the 900 s of a Lambda function`;
  return [
    `${file}: timeout: on AWS an agent may take at most ${limit}; this one may take ${timeoutSeconds} s.`,
  ];
}

function modelProblems(agent: AgentFacts, { allowedModelProviders: allowed }: Settings): string[] {
  if (allowed === undefined) return [];
  return namedModels(agent).flatMap(([field, model]) => {
    if (model == null || allowed.some((prefix) => model.startsWith(`${prefix}/`))) return [];
    return [`${agent.file}: ${field}: ${model} is of no allowed provider; allowed: ${allowed.join(', ')}.`];
  });
}

/** Variables of MCP servers that no function would have. Those in a secret are not known here. */
function variableProblems({ file, mcpServers = [] }: AgentFacts, settings: Settings): string[] {
  const { agentEnvironment, agentSecretArn } = settings;
  if (agentSecretArn !== undefined) return [];
  const texts = mcpServers.flatMap(({ url, headers }) => [url, ...Object.values(headers)]);
  const names = texts.flatMap(referencesIn).flatMap((one) => (one.kind === 'variable' ? one.name : []));
  return [...new Set(names)]
    .filter((name) => !Object.hasOwn(agentEnvironment, name) && !name.startsWith('AWS_'))
    .map(
      (name) =>
        `${file}: mcp_servers: the variable ${name} is not set. Put it into the secret that agentSecretArn names.`,
    );
}

/** The models that an agent names, by the fields of its file. */
export function namedModels({ model, fallbackModel, compression, guardrails }: AgentFacts) {
  const guards = (['input', 'output'] as const).flatMap((direction) =>
    (guardrails?.[direction] ?? []).map(
      (guardrail, index) => [`guardrails.${direction}.${index}.config.model`, guardrail.model] as const,
    ),
  );
  return [
    ['model', model] as const,
    ['fallback_model', fallbackModel] as const,
    ['context_compression.model', compression?.model] as const,
    ...guards,
  ];
}
