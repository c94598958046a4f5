import type { AgentProject } from '../../../agents/agent-project.ts';
import { keepProcess } from '../../../agents/run/keep-process.ts';
import type { AgentExecutor } from '../../../core/ports/agent-executor.ts';
import { packedCode } from './packed-project.ts';
import { providerKeys } from './provider-keys.ts';

/**
 * Executes the project's agents in this instance. Models, tools and provider keys are loaded with the first run, in a
 * file of their own: a request that is refused never waits for them.
 */
export function lazyExecutor(project: AgentProject, taskRoot: string): AgentExecutor {
  let loaded: Promise<AgentExecutor> | null = null;
  return {
    async execute(request, hooks) {
      loaded ??= loadExecutor(project, taskRoot).catch((thrown: unknown) => {
        loaded = null;
        throw thrown;
      });
      return (await loaded).execute(request, hooks);
    },
  };
}

async function loadExecutor(project: AgentProject, taskRoot: string): Promise<AgentExecutor> {
  keepProcess();
  const [{ inPlaceExecutor }, code, keys] = await Promise.all([
    import('../agent-executor.ts'),
    packedCode(taskRoot),
    providerKeys(),
  ]);
  return inPlaceExecutor(project, code, { env: { ...process.env, ...keys }, now: Date.now });
}
