import { AsyncLocalStorage } from 'node:async_hooks';
import { type InspectorNotification, Session } from 'node:inspector';
import * as z from 'zod';

/** How long to wait for a thread to pause, in ms: one inside a system call cannot. */
const patienceMs = 2_000;

const storageName = 'agent-connectors.attempt';

/** Call in a thread. `holderOf` finds the id that the storage's `run` was called with. */
export function attemptStorage(): AsyncLocalStorage<number> {
  const storage = new AsyncLocalStorage<number>();
  Object.defineProperty(globalThis, Symbol.for(storageName), { value: storage });
  return storage;
}

const attached = z.object({
  sessionId: z.string(),
  workerInfo: z.object({ title: z.string() }),
});
const received = z.object({ sessionId: z.string(), message: z.string() });
const paused = z.object({
  method: z.literal('Debugger.paused'),
  params: z.object({ callFrames: z.array(z.object({ callFrameId: z.string() })) }),
});
const evaluated = z.object({
  result: z.object({ result: z.object({ type: z.literal('number'), value: z.number() }) }),
});

const answered = z.object({ id: z.number() });

const whoRuns = `globalThis[Symbol.for(${JSON.stringify(storageName)})].getStore()`;

/**
 * Finds the attempt whose code is running in a thread, even in an endless loop: pauses the thread for an instant, as a
 * debugger does.
 *
 * @param threadName the worker's name
 * @returns the id of an attempt; `null` if no attempt's code is running, or the thread waits for the system
 */
export async function holderOf(threadName: string): Promise<number | null> {
  const session = new Session();
  try {
    session.connect();
    return await holderBy(session, threadName);
  } catch {
    return null;
  } finally {
    session.disconnect();
  }
}

function holderBy(session: Session, threadName: string): Promise<number | null> {
  const { promise, resolve } = Promise.withResolvers<number | null>();
  const timer = setTimeout(resolve, patienceMs, null);
  session.on('NodeWorker.attachedToWorker', ({ params }: InspectorNotification<object>) => {
    const { sessionId, workerInfo } = attached.parse(params);
    if (workerInfo.title.endsWith(` ${threadName}`)) askThread(session, sessionId, resolve);
  });
  session.post('NodeWorker.enable', { waitForDebuggerOnStart: false });
  return promise.finally(() => {
    clearTimeout(timer);
    session.post('NodeWorker.disable');
  });
}

function askThread(session: Session, sessionId: string, resolve: (id: number | null) => void): void {
  let lastId = 0;
  let holder: number | null = null;
  let letGoId = Number.NaN;
  const send = (method: string, params: object = {}) => {
    const message = JSON.stringify({ id: ++lastId, method, params });
    session.post('NodeWorker.sendMessageToWorker', { sessionId, message });
    return lastId;
  };
  session.on('NodeWorker.receivedMessageFromWorker', ({ params }: InspectorNotification<object>) => {
    const { sessionId: from, message } = received.parse(params);
    if (from !== sessionId) return;
    const said: unknown = JSON.parse(message);
    const stopped = paused.safeParse(said);
    if (stopped.success) {
      // The innermost frames may be Node's own, where the expression sees nothing. Ask every frame.
      for (const { callFrameId } of stopped.data.params.callFrames) {
        send('Debugger.evaluateOnCallFrame', { callFrameId, expression: whoRuns });
      }
      // A thread that is not resumed stays paused for good.
      send('Debugger.resume');
      letGoId = send('Debugger.disable');
    }
    holder ??= evaluated.safeParse(said).data?.result.result.value ?? null;
    if (answered.safeParse(said).data?.id === letGoId) resolve(holder);
  });
  send('Debugger.enable');
  send('Debugger.pause');
}
