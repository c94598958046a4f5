import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import type { ProjectCode } from '../../../agents/agent-project.ts';
import { runAgent } from '../../../agents/run/run-agent.ts';
import { messageOf } from '../../../core/errors.ts';
import type { AgentHooks, AgentRequest } from '../../../core/ports/agent-executor.ts';
import type { ThreadCode, ThreadReport, ThreadRequest } from './thread-messages.ts';

// What runs in a worker thread: executes the runs it is sent, many at a time, with the code of one project.

if (parentPort === null) throw new Error('agent-worker.ts runs in a worker thread');
const port = parentPort;
const { project, codeFile, env }: ThreadCode = workerData;
const code: ProjectCode = await import(pathToFileURL(codeFile).href);
const cancellations = new Map<number, AbortController>();

function report(message: ThreadReport): void {
  port.postMessage(message);
}

async function run(id: number, request: AgentRequest): Promise<void> {
  const cancellation = new AbortController();
  cancellations.set(id, cancellation);
  const hooks: AgentHooks = {
    signal: cancellation.signal,
    onText: (text) => report({ type: 'text', id, text }),
    onTrace: (trace) => report({ type: 'trace', id, trace }),
  };
  try {
    const outcome = await runAgent(project, code, request, hooks, { env, now: Date.now });
    report({ type: 'outcome', id, outcome });
  } catch (thrown) {
    report({ type: 'broken', id, message: messageOf(thrown) });
  } finally {
    cancellations.delete(id);
  }
}

// One agent's forgotten promise or timer must not end the runs of the others.
process.on('unhandledRejection', (thrown) => report({ type: 'stray-error', message: messageOf(thrown) }));
process.on('uncaughtException', (thrown) => report({ type: 'stray-error', message: messageOf(thrown) }));

port.on('message', (message: ThreadRequest) => {
  if (message.type === 'run') void run(message.id, message.request);
  else cancellations.get(message.id)?.abort();
});
