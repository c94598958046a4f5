import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AgentProject, ProjectCode } from '../../../agents/agent-project.ts';
import type { ConnectorTypes } from '../../../core/connectors/connector-type.ts';
import type { AgentExecutor } from '../../../core/ports/agent-executor.ts';
import { awsClients } from '../clients.ts';
import { type AwsEngine, awsEngine } from '../runtime.ts';
import type { OpenSources } from '../ways/open-sources.ts';
import { deployedWays, functionEnvironment, socketUrl } from './function-environment.ts';
import { functionLog } from './function-log.ts';
import type { TypesByNeed } from './lazy-registry.ts';

/** Attempts that may crash their executor before the run is given up. */
const maxAttempts = 3;

export interface FunctionEngineOptions {
  /** Absent if the function reads no agents. */
  readonly project?: AgentProject;
  /** See `AwsOptions`. */
  readonly missingKeys?: ReadonlyMap<string, string>;
  /** Absent if the function executes no runs. */
  readonly executor?: AgentExecutor;
  /** Whether connectors and secrets may come from the hot path's cache; otherwise every call reads them again. */
  readonly cached?: boolean;
  /** Absent if the function needs no connector types; its bundle then contains none of their code. */
  readonly types?: ConnectorTypes | TypesByNeed;
  /** Absent if the function applies no connectors as code. */
  readonly givenSecrets?: () => Promise<Readonly<Record<string, string>>>;
  /** Absent if the function does not manage sources of connectors. */
  readonly sources?: OpenSources;
}

/** The engine of one function instance, configured by its environment. Makes no calls yet. */
export function functionEngine(options: FunctionEngineOptions = {}): AwsEngine {
  const { project = noAgents, types = noTypes, cached = false, ...others } = options;
  const environment = functionEnvironment.parse(process.env);
  const sockets = socketUrl();
  const socketQueueUrl = process.env['SOCKET_QUEUE_URL'];
  return awsEngine({
    ...others,
    project,
    ...('loadedBy' in types ? { types: types.types, loadTypes: types.loadedBy } : { types }),
    deployed: deployedWays,
    cacheMs: cached ? environment.CONNECTOR_CACHE_SECONDS * 1_000 : 0,
    tableName: environment.TABLE_NAME,
    runQueueUrl: environment.RUN_QUEUE_URL,
    deliveryQueueUrl: environment.DELIVERY_QUEUE_URL,
    ...(socketQueueUrl === undefined ? {} : { socketQueueUrl }),
    bucket: environment.PAYLOAD_BUCKET,
    keySecretId: environment.KEY_SECRET_ID,
    retentionDays: environment.RETENTION_DAYS,
    settings: {
      maxAttempts,
      maxDepth: environment.MAX_DEPTH,
      // Unused: a function executes one message at a time.
      maxIsolatedRuns: 1,
      allowPrivateTargets: environment.ALLOW_PRIVATE_TARGETS,
      baseUrl: environment.BASE_URL,
      ...(sockets === undefined ? {} : { socketUrl: sockets }),
    },
    log: functionLog,
    clients: awsClients(),
  });
}

const noAgents: AgentProject = { agents: [], tools: [] };
const noTypes: ConnectorTypes = new Map();

/** The folder of the function's code. */
export function taskRoot(): string {
  return process.env['LAMBDA_TASK_ROOT'] ?? process.cwd();
}

/**
 * The files that synth puts next to a function's code, relative to it. Synth has checked their content, so a function
 * only reads them.
 */
export const packedFiles = { project: 'project/project.json', code: 'project/project.mjs' } as const;

/** The agents deployed with the function. */
export async function packedProject(taskRoot: string): Promise<AgentProject> {
  const file: { readonly default: AgentProject } = await import(urlOf(taskRoot, packedFiles.project), {
    with: { type: 'json' },
  });
  return file.default;
}

/** The code of the agents' tools and middleware; only functions that execute agents have it. */
export async function packedCode(taskRoot: string): Promise<ProjectCode> {
  const code: ProjectCode = await import(urlOf(taskRoot, packedFiles.code));
  return code;
}

function urlOf(taskRoot: string, file: string): string {
  return pathToFileURL(join(taskRoot, file)).href;
}
