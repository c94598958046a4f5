import type { ToolAgent } from '../../src/agents/agent-definition.ts';
import type { AgentProject, ProjectCode, ToolFunction } from '../../src/agents/agent-project.ts';
import type { ConnectorTypes } from '../../src/core/connectors/connector-type.ts';
import type { Log } from '../../src/core/ports/log.ts';
import { type AwsClients, awsClients } from '../../src/engines/aws/clients.ts';
import { inPlaceExecutor } from '../../src/engines/aws/runs/agent-executor.ts';
import { type AwsEngine, type AwsOptions, awsEngine } from '../../src/engines/aws/runtime.ts';
import { createResources, type EngineResources } from './engine-resources.ts';

/** An engine on resources of its own in the emulated account, with a clock that a test moves. */
export interface TestEngine {
  readonly engine: AwsEngine;
  readonly resources: EngineResources;
  readonly clients: AwsClients;
  /** Unix ms. */
  now: number;
  /** Another function instance on the same resources. */
  another(options?: Partial<AwsOptions>): AwsEngine;
}

export interface TestProject {
  /** Tools by the name of the tool agent that calls each. */
  readonly tools?: Readonly<Record<string, ToolFunction>>;
  readonly agents?: Readonly<Record<string, Partial<Omit<ToolAgent, 'name' | 'type'>>>>;
  readonly types?: ConnectorTypes;
}

/** 2026-01-01T00:00:00Z. */
const start = 1_767_225_600_000;

const silent: Log = { info() {}, warn() {}, error() {} };

/** Makes an engine whose agents are tool agents: by default `echo`, which answers with its payload. */
export async function testEngine(project: TestProject = {}): Promise<TestEngine> {
  const clients = awsClients();
  const resources = await createResources(clients);
  const tools = { echo: (input: unknown) => JSON.stringify(input), ...project.tools };
  const agents: AgentProject = {
    agents: Object.keys(tools).map((name) => toolAgent(name, project)),
    tools: [],
  };
  const code: ProjectCode = {
    tools: Object.fromEntries(Object.entries(tools).map(([name, tool]) => [`tools.${name}`, tool])),
    middleware: {},
    hooks: {},
    guardrails: {},
  };
  const clock = () => made.now;
  const another = (options: Partial<AwsOptions> = {}) =>
    awsEngine({
      ...resources,
      clients,
      clock,
      log: silent,
      cacheMs: 0,
      retentionDays: 30,
      types: project.types ?? new Map(),
      project: agents,
      executor: inPlaceExecutor(agents, code, { env: {}, now: clock }),
      settings: {
        maxAttempts: 3,
        maxDepth: 10,
        maxIsolatedRuns: 1,
        allowPrivateTargets: true,
        baseUrl: 'https://connectors.example',
      },
      ...options,
    });
  const made: TestEngine = { now: start, resources, clients, another, engine: another() };
  return made;
}

function toolAgent(name: string, project: TestProject): ToolAgent {
  return {
    type: 'tool',
    name,
    description: null,
    file: `agents/${name}.yaml`,
    timeoutSeconds: 30,
    retry: { attempts: 1, initialDelaySeconds: 1, maxDelaySeconds: 1 },
    maxConcurrentRuns: null,
    concurrency: null,
    hasMiddleware: false,
    hasHooks: false,
    inputSchema: null,
    sample: null,
    guardrails: null,
    toolName: `tools.${name}`,
    ...project.agents?.[name],
  };
}
