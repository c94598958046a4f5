import { Worker } from 'node:worker_threads';
import { messageOf } from '../../../core/errors.ts';
import type { AgentHost, HostEvents } from './agent-host.ts';
import { compiledCode } from './compiled-code.ts';
import { watchMemory } from './memory-watch.ts';
import { holderOf } from './thread-holder.ts';
import type { ThreadCode } from './thread-messages.ts';

let started = 0;

/** Starts a thread for agents' code; what it is sent waits until it is ready. */
export function startThread(code: ThreadCode, { onReports, onEnded }: HostEvents): AgentHost {
  const name = `agents-${++started}`;
  const worker = new Worker(new URL('./agent-worker.ts', import.meta.url), {
    name,
    workerData: code,
    env: { ...code.env, ...compiledCode() },
    resourceLimits: { maxOldGenerationSizeMb: code.maxMegabytes },
  });
  let utilization = worker.performance.eventLoopUtilization();
  const stopWatching = watchMemory(worker, code.maxMegabytes, (reason) => {
    onEnded(reason);
    void worker.terminate();
  });
  worker.on('message', onReports);
  worker.on('error', (error) => onEnded(messageOf(error)));
  worker.on('exit', (exitCode) => {
    stopWatching();
    onEnded(`it exited with code ${exitCode}`);
  });
  return {
    kind: 'thread',
    post: (requests) => worker.postMessage(requests),
    holder: () => holderOf(name),
    utilization() {
      const now = worker.performance.eventLoopUtilization();
      const { utilization: part } = worker.performance.eventLoopUtilization(now, utilization);
      utilization = now;
      return part;
    },
    terminate: () => worker.terminate(),
  };
}
