import { fork } from 'node:child_process';
import { once } from 'node:events';
import { messageOf } from '../../../core/errors.ts';
import { compiledCode } from './compiled-code.ts';
import type { AgentHost, HostEvents } from './start-thread.ts';
import type { ProcessReport, ThreadCode } from './thread-messages.ts';

/** Starts a process for one run, so that a crash ends only that run. Messages wait until it is ready. */
export function startProcess(code: ThreadCode, { onReports, onEnded }: HostEvents): AgentHost {
  const child = fork(new URL('./agent-process.ts', import.meta.url), {
    env: { ...code.env, ...compiledCode() },
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit').catch(() => undefined);
  const send = (message: object) => {
    // A process that has just ended reports that by its exit.
    if (child.connected) child.send(message, () => undefined);
  };
  child.on('message', (report: ProcessReport) => {
    if (report.type === 'ended') onEnded(report.reason);
    else onReports(report.reports);
  });
  child.on('error', (error) => onEnded(messageOf(error)));
  child.on('exit', (exitCode, signal) => {
    onEnded(signal === null ? `it exited with code ${exitCode}` : `it was ended by ${signal}`);
  });
  send(code);
  return {
    kind: 'process',
    post: send,
    holder: async () => null,
    utilization: () => 0,
    terminate() {
      child.kill('SIGKILL');
      return exited;
    },
  };
}
