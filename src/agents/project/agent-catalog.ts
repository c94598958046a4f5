import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json/json-value.ts';
import type {
  AgentCatalog,
  AgentGuardrail,
  AgentSummary,
  McpServerSummary,
  ProjectProblem,
} from '../../core/ports/agent-catalog.ts';
import type { AgentDefinition, McpServer } from '../agent-definition.ts';
import type { AgentProject } from '../agent-project.ts';
import { demoValue } from '../models/demo-value.ts';
import { missingKeysByAgent } from '../models/missing-provider-keys.ts';
import type { ModelEnvironment } from '../models/model-adapter.ts';

/**
 * What dispatch, execution and operators need to know about a project's agents.
 *
 * @param missingKeys what each agent lacks, by agent name, as far as that is known here
 * @param problems of a reload that failed during development: the agents are those of the previous load
 */
export function agentCatalog(
  project: AgentProject,
  missingKeys: ReadonlyMap<string, string> = new Map(),
  problems: readonly ProjectProblem[] = [],
): AgentCatalog {
  const summaries = new Map(
    project.agents.map((agent) => {
      const missingKey = missingKeys.get(agent.name) ?? null;
      return [agent.name, summaryOf(agent, missingKey, samplePayloadOf(agent, project))];
    }),
  );
  const list = [...summaries.values()];
  const unpriced = new Map(Object.entries(project.unpriced ?? {}));
  return {
    get: (name) => summaries.get(name) ?? null,
    list: () => list,
    async inputProblem(name, payload) {
      const schema = project.agents.find((agent) => agent.name === name)?.inputSchema ?? null;
      if (schema === null) return null;
      // Loaded with the first payload of such an agent: most projects have none.
      const { schemaCheck } = await import('../run/json-schema.ts');
      return schemaCheck(schema)(payload);
    },
    unpricedModels: async () => unpriced,
    problems: () => problems,
  };
}

function summaryOf(
  agent: AgentDefinition,
  missingKey: string | null,
  samplePayload: JsonValue,
): AgentSummary {
  const { name, description, type, timeoutSeconds, maxConcurrentRuns, concurrency, file } = agent;
  return {
    ...{ name, description, type, timeoutSeconds, maxConcurrentRuns, concurrency, file },
    model: agent.type === 'llm' ? agent.model : null,
    tools: toolsOf(agent),
    code: codeOf(agent),
    discoverableTools: agent.type === 'llm' ? agent.discoverableTools.map(({ name }) => name) : [],
    mcpServers: agent.type === 'llm' ? agent.mcpServers.map(summaryOfServer) : [],
    steps: agent.type === 'sequential' ? agent.agents : [],
    session: agent.type === 'llm' ? agent.session : null,
    compression: agent.type === 'llm' ? agent.compression : null,
    missingKey,
    guardrails: guardrailsOf(agent),
    inputSchema: agent.inputSchema,
    outputSchema: agent.type === 'llm' ? agent.outputSchema : null,
    samplePayload,
  };
}

function codeOf({ name, hasMiddleware, hasHooks, guardrails }: AgentDefinition): readonly string[] {
  const rules = [...(guardrails?.input ?? []), ...(guardrails?.output ?? [])];
  const custom = rules.flatMap((rule) => (rule.type === 'custom' ? `guardrails/${rule.name}.ts` : []));
  return [
    ...(hasMiddleware ? [`middleware/${name}.ts`] : []),
    ...(hasHooks ? [`hooks/${name}.ts`] : []),
    ...new Set(custom),
  ];
}

/** The query may contain a key. */
function summaryOfServer({ name, url, tools, discoverable }: McpServer): McpServerSummary {
  return { name, url: url.replace(/\?.*$/, ''), tools, discoverable };
}

function guardrailsOf({ guardrails }: AgentDefinition): readonly AgentGuardrail[] {
  return (['input', 'output'] as const).flatMap((direction) =>
    (guardrails?.[direction] ?? []).map(({ type, name, mode }) => ({ direction, type, name, mode })),
  );
}

function toolsOf(agent: AgentDefinition): readonly string[] {
  if (agent.type === 'tool') return [agent.toolName];
  return agent.type === 'llm' ? agent.tools.map(({ name }) => name) : [];
}

/** Content of free texts in a sample. */
const sampleText = 'Hello';
const message = { message: sampleText };

/**
 * A payload to try an agent with: `sample` from its file; else one that fits its input schema, its tool's parameter or
 * its first step; else a message.
 */
function samplePayloadOf(agent: AgentDefinition, project: AgentProject): JsonValue {
  if (agent.sample !== null) return agent.sample;
  if (agent.inputSchema !== null) return demoValue(agent.inputSchema, sampleText);
  switch (agent.type) {
    case 'llm':
      return message;
    case 'tool':
      return sampleInput(project.tools.find(({ name }) => name === agent.toolName)?.parameters ?? {});
    case 'sequential': {
      const first = project.agents.find(({ name }) => name === agent.agents[0]);
      return first === undefined ? {} : samplePayloadOf(first, project);
    }
  }
}

/**
 * The required fields of a tool's parameter, because optional ones mostly narrow a request; a message if it has no
 * fields.
 */
function sampleInput(parameters: JsonObject): JsonValue {
  const { properties, required } = parameters;
  const fields = Object.entries(isJsonObject(properties) ? properties : {});
  if (fields.length === 0) return message;
  const needed = fields.filter(([name]) => Array.isArray(required) && required.includes(name));
  return demoValue({ ...parameters, properties: Object.fromEntries(needed) }, sampleText);
}

/** The agents of the current project load, and the problems of the last reload. */
export class LiveCatalog implements AgentCatalog {
  readonly #env: ModelEnvironment;
  #project: AgentProject;
  #catalog: AgentCatalog;

  /** @param env what agents see of the environment; a model key that is not in it counts as missing */
  constructor(project: AgentProject, env: ModelEnvironment) {
    this.#env = env;
    this.#project = project;
    this.#catalog = this.#catalogOf([]);
  }

  get: AgentCatalog['get'] = (name) => this.#catalog.get(name);
  list: AgentCatalog['list'] = () => this.#catalog.list();
  inputProblem: AgentCatalog['inputProblem'] = (name, payload) => this.#catalog.inputProblem(name, payload);
  unpricedModels: AgentCatalog['unpricedModels'] = async () => {
    // Loaded when somebody asks: the price list takes long to load.
    const { unpricedModels } = await import('../models/unpriced-models.ts');
    return unpricedModels(this.#project, this.#env);
  };
  problems: AgentCatalog['problems'] = () => this.#catalog.problems();

  /** Replaces the agents. */
  use(project: AgentProject): void {
    this.#project = project;
    this.#catalog = this.#catalogOf([]);
  }

  /** Records that the last reload failed; the agents stay as they are. */
  report(problems: readonly ProjectProblem[]): void {
    this.#catalog = this.#catalogOf(problems);
  }

  #catalogOf(problems: readonly ProjectProblem[]): AgentCatalog {
    return agentCatalog(this.#project, missingKeysByAgent(this.#project, this.#env), problems);
  }
}
