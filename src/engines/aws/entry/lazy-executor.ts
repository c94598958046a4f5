import { modelsOf } from '../../../agents/agent-definition.ts';
import type { AgentProject, ProjectCode } from '../../../agents/agent-project.ts';
import { keepProcess } from '../../../agents/run/keep-process.ts';
import type { RunEnvironment } from '../../../agents/run/run-scope.ts';
import type { AgentExecutor, AgentOutcome, AgentRequest } from '../../../core/ports/agent-executor.ts';
import { emptyTrace } from '../../../core/runs/trace.ts';
import { packedCode } from './function-engine.ts';
import type { KeysRead } from './provider-keys.ts';

/** Follows "needs GEMINI_API_KEY in" in the error of an agent that lacks a key. */
const keyPlaceName = 'the secret that the setting providerKeysSecretArn names';

/**
 * Executes the project's agents in this instance. The first run that needs models, tools, and provider keys loads them
 * from separate files: a rejected request never waits for them, and an agent without a model does not need the secret.
 */
export function lazyExecutor(project: AgentProject, taskRoot: string): AgentExecutor {
  const code = loadedOnce(
    () => loadCode(taskRoot),
    ({ outcome }) => outcome === 'loaded',
  );
  // The next run reads an unusable secret again, so that a corrected one needs no deployment.
  const keys = loadedOnce(
    () => readKeys(project),
    ({ outcome }) => outcome === 'read',
  );
  return {
    isShared: false,
    async execute(request, hooks) {
      const [loaded, read] = await Promise.all([
        code(),
        callsModel(project, request.agentName) ? keys() : null,
      ]);
      if (loaded.outcome === 'unusable') return unusableSecret(request, loaded.problem);
      const { inPlaceExecutor, packed } = loaded;
      return inPlaceExecutor(project, packed, runEnvironment(read)).execute(request, hooks);
    },
  };
}

function runEnvironment(read: KeysRead | null): RunEnvironment {
  const keys = read?.outcome === 'read' ? read.keys : {};
  const problem = read?.outcome === 'unusable' ? read.problem : null;
  return { env: { ...process.env, ...keys }, keyPlace: { name: keyPlaceName, problem }, now: Date.now };
}

/** Set variables first: code may read them when it is loaded. */
async function loadCode(taskRoot: string): Promise<LoadedCode> {
  keepProcess();
  const { readAgentVariables } = await import('./agent-variables.ts');
  const read = await readAgentVariables();
  if (read.outcome === 'unusable') return read;
  Object.assign(process.env, read.variables);
  const [{ inPlaceExecutor }, packed] = await Promise.all([
    import('../runs/agent-executor.ts'),
    packedCode(taskRoot),
  ]);
  return { outcome: 'loaded', inPlaceExecutor, packed };
}

type LoadedCode =
  | {
      readonly outcome: 'loaded';
      readonly inPlaceExecutor: typeof import('../runs/agent-executor.ts').inPlaceExecutor;
      readonly packed: ProjectCode;
    }
  | { readonly outcome: 'unusable'; readonly problem: string };

/** The outcome of a run whose tools would lack variables. The next run reads the secret again. */
function unusableSecret({ context }: AgentRequest, problem: string): AgentOutcome {
  const message = `The secret that the setting agentSecretArn names ${problem}`;
  const error = { code: 'agent-secret-unusable', message };
  const nothing = { tokenUsage: null, costUsd: null, model: null, warnings: [], session: null };
  return { outcome: 'failed', error, ...nothing, context, trace: emptyTrace };
}

async function readKeys(project: AgentProject): Promise<KeysRead> {
  return (await import('./provider-keys.ts')).readProviderKeys(project);
}

/** Loads on the first call, and again on the next one if loading failed or the value must not be kept. */
function loadedOnce<Value>(
  load: () => Promise<Value>,
  isKept: (value: Value) => boolean,
): () => Promise<Value> {
  let loaded: Promise<Value> | null = null;
  const forget = () => {
    loaded = null;
  };
  return () => {
    loaded ??= load().then(
      (value) => {
        if (!isKept(value)) forget();
        return value;
      },
      (thrown: unknown) => {
        forget();
        throw thrown;
      },
    );
    return loaded;
  };
}

/** Whether a run of the agent can call a model: one of the agent's own, or of a step's. */
function callsModel(project: AgentProject, agentName: string): boolean {
  const agent = project.agents.find(({ name }) => name === agentName);
  if (agent === undefined) return false;
  if (modelsOf(agent).length > 0) return true;
  return agent.type === 'sequential' && agent.agents.some((step) => callsModel(project, step));
}
