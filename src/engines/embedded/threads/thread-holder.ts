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

/** Interval between looks at the thread, and the delay that counts as none. In ms. */
const lookEveryMs = 50;
const toleranceMs = 50;
/** Under load, a thread waits for the processor for less than this; a stopped process waits longer. In ms. */
const stoppedMs = 2_000;

/**
 * Adds up the time in which runs could not progress: while other code held the thread, and while the process was
 * stopped (`SIGSTOP`, a sleeping machine).
 */
export class HeldTime {
  #timer: NodeJS.Timeout | null = null;
  #isShared = false;
  #totalMs = 0;
  #lastLook = 0;
  #lastIdleMs = 0;
  #lastCpuMs = 0;

  /** Call when the number of runs in the thread changes. */
  follow(runs: number): void {
    if (this.#timer !== null) this.#look();
    this.#isShared = runs > 1;
    if (runs > 0) this.#timer ??= this.#begin();
    else this.#end();
  }

  /** In ms, from any origin; includes the delay up to now. */
  totalMs(): number {
    if (this.#timer !== null) this.#look();
    return this.#totalMs;
  }

  #begin(): NodeJS.Timeout {
    this.#lastLook = performance.now();
    this.#lastIdleMs = idleMs();
    this.#lastCpuMs = cpuMs();
    return setInterval(() => this.#look(), lookEveryMs).unref();
  }

  #end(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #look(): void {
    const now = performance.now();
    const idle = idleMs();
    const cpu = cpuMs();
    const lateMs = now - this.#lastLook - lookEveryMs;
    const lostMs = this.#isShared ? lateMs : Math.min(lateMs, this.#withoutRun(lateMs, idle, cpu));
    if (lostMs > toleranceMs) this.#totalMs += lostMs;
    this.#lastLook = now;
    this.#lastIdleMs = idle;
    this.#lastCpuMs = cpu;
  }

  /**
   * A run that is alone may have held the thread itself. It did not while the thread was idle, and not during a long
   * wait without processor time: then the process was stopped.
   */
  #withoutRun(lateMs: number, idle: number, cpu: number): number {
    const waitedMs = idle - this.#lastIdleMs - lookEveryMs;
    const withoutProcessorMs = lateMs - (cpu - this.#lastCpuMs);
    return Math.max(waitedMs, withoutProcessorMs > stoppedMs ? withoutProcessorMs : 0);
  }
}

/** How long the thread has been idle, in ms, from any origin. */
function idleMs(): number {
  return performance.eventLoopUtilization().idle;
}

/** Processor time used by the thread, in ms. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

/** How long code may hold one turn of the event loop before the thread reads its messages again, in ms. */
const turnMs = 2;

/**
 * Begins the runs of a thread: awaited ones first, otherwise in order. After code that held the thread, messages are
 * read before the next run begins, so that awaited runs overtake queued ones and results leave immediately.
 */
export class BeginOrder {
  readonly #awaited: (() => void)[] = [];
  readonly #others: (() => void)[] = [];
  #turnFrom: number | null = null;

  /** Calls `begin` once, in a later turn of the event loop, after pending messages have left. */
  add(begin: () => void, awaited: boolean): void {
    (awaited ? this.#awaited : this.#others).push(begin);
    setImmediate(() => this.#beginNext());
  }

  #beginNext(): void {
    const now = performance.now();
    this.#turnFrom ??= this.#beginTurn(now);
    if (now - this.#turnFrom > turnMs) {
      setImmediate(() => this.#beginNext());
      return;
    }
    const begin = this.#awaited.shift() ?? this.#others.shift();
    begin?.();
  }

  #beginTurn(now: number): number {
    setImmediate(() => {
      this.#turnFrom = null;
    });
    return now;
  }
}
