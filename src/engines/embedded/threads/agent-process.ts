import { writeFile } from 'node:fs/promises';
import { type AgentHost, startThread } from './start-thread.ts';
import type { ProcessReport, ThreadCode, ThreadReport, ThreadRequest } from './thread-messages.ts';

// Runs in a process for one run. The run has its own thread here, so this thread always notices when the engine's
// process is gone and the result has no receiver.

let host: AgentHost | null = null;

process.on('message', (message: ThreadCode | readonly ThreadRequest[]) => {
  if ('codeFile' in message) host ??= startThread(message, { onReports, onEnded });
  else host?.post(message);
});
process.on('disconnect', () => process.exit());
// The signals are meant for the engine, which decides what becomes of the run.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
// When memory runs out, the system ends this process before the engine's. Only Linux has the file.
await writeFile('/proc/self/oom_score_adj', '1000').catch(() => undefined);

function onReports(reports: readonly ThreadReport[]): void {
  report({ type: 'reports', reports });
}

function onEnded(reason: string): void {
  report({ type: 'ended', reason }, () => process.exit(1));
}

function report(message: ProcessReport, sent: () => void = () => undefined): void {
  process.send?.(message, undefined, undefined, sent);
}
