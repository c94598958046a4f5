import { setSourceMapsSupport } from 'node:module';
import { constants, getPriority, setPriority } from 'node:os';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import type { ProjectCode } from '../../../agents/agent-project.ts';
import { keepProcess } from '../../../agents/run/keep-process.ts';
import { redactorOf } from '../../../agents/run/redact.ts';
import { runAgent } from '../../../agents/run/run-agent.ts';
import type { RunEnvironment } from '../../../agents/run/run-scope.ts';
import type { CallVerdict } from '../../../core/budgets/model-call.ts';
import { messageOf, RetryableError } from '../../../core/errors.ts';
import { type JsonValue, Payload } from '../../../core/json/json-value.ts';
import type { AgentHooks, AgentRequest } from '../../../core/ports/agent-executor.ts';
import { attemptStorage, BeginOrder, HeldTime } from './thread-holder.ts';
import {
  type Answer,
  type BeginMark,
  begin,
  MessageBatch,
  type Question,
  type SentRequest,
  type ThreadCode,
  type ThreadReport,
  type ThreadRequest,
} from './thread-messages.ts';

// Runs in a worker thread: executes many runs at a time with the code of one project.

interface Attempt {
  readonly cancellation: AbortController;
  /** The conversation requested from the engine. */
  readonly session: PromiseWithResolvers<readonly JsonValue[]>;
  /** Whether models may be called: one request per call. */
  readonly calls: PromiseWithResolvers<CallVerdict>[];
  /** Its questions to the engine, in order. */
  readonly questions: PromiseWithResolvers<Answer>[];
}

if (parentPort === null) throw new Error('agent-worker.ts runs in a worker thread');
const port = parentPort;
const { project, codeFile, env }: ThreadCode = workerData;
yieldToServer();
// Meant for the start of this thread only; agents must not see it.
delete process.env['NODE_COMPILE_CACHE'];
// Stack traces of a tool name the author's source file, not the bundle.
setSourceMapsSupport(true);
const code: ProjectCode = await import(pathToFileURL(codeFile).href);
const attempts = new Map<number, Attempt>();

const held = new HeldTime();
const environment: RunEnvironment = { env, now: Date.now, heldMs: () => held.totalMs() };
const storage = attemptStorage();
const order = new BeginOrder();

const reports = new MessageBatch<ThreadReport>((batch) => port.postMessage(batch));

/** Agents yield the processor to the threads that serve requests. Only Linux has a priority per thread. */
function yieldToServer(): void {
  if (process.platform !== 'linux') return;
  const priority = constants.priority.PRIORITY_BELOW_NORMAL;
  try {
    if (getPriority() < priority) setPriority(priority);
  } catch {
    // Some sandboxes forbid it; agents work without it.
  }
}

function report(message: ThreadReport): void {
  reports.send(message);
}

function take(id: number, { payloadText, ...others }: SentRequest, mark: BeginMark | null): void {
  const attempt: Attempt = {
    cancellation: new AbortController(),
    session: Promise.withResolvers(),
    calls: [],
    questions: [],
  };
  attempts.set(id, attempt);
  order.add(async () => {
    if (mark === null || begin(mark)) {
      await run(id, { ...others, payload: new Payload(payloadText) }, attempt);
    }
    attempts.delete(id);
    held.follow(attempts.size);
  }, others.awaited);
}

async function run(id: number, request: AgentRequest, attempt: Attempt): Promise<void> {
  held.follow(attempts.size);
  const { cancellation, session, calls, questions } = attempt;
  const ask = (question: Question): Promise<Answer> => {
    const answer = Promise.withResolvers<Answer>();
    report({ type: 'ask', id, call: questions.push(answer) - 1, question });
    return answer.promise;
  };
  const hooks: AgentHooks = {
    signal: cancellation.signal,
    loadSession: (key) => {
      report({ type: 'load-session', id, key });
      return session.promise;
    },
    budget: {
      reserve(planned) {
        const asked = Promise.withResolvers<CallVerdict>();
        report({ type: 'reserve', id, call: calls.push(asked) - 1, planned });
        return asked.promise;
      },
      settle: async (reservation, used) => report({ type: 'settle', id, reservation, used }),
    },
    trigger: async (trigger) => expected((await ask({ trigger })).triggered),
    sendTargets: async (targetsOf) => expected((await ask({ targetsOf })).targets),
    send: async (send) => expected((await ask({ send })).sent),
    onText: (text) => report({ type: 'text', id, text }),
    onTrace: (trace) => report({ type: 'trace', id, trace }),
  };
  try {
    const outcome = await storage.run(id, () => runAgent(project, code, request, hooks, environment));
    report({ type: 'outcome', id, outcome });
  } catch (thrown) {
    report({ type: 'broken', id, message: messageOf(thrown) });
  }
}

function expected<Value>(answer: Value | undefined): Value {
  if (answer === undefined) throw new Error('the engine answered another question');
  return answer;
}

/** Logged length of an error that belongs to no run, in characters. */
const strayLength = 2_000;

function reportStray(thrown: unknown): void {
  report({ type: 'stray-error', message: redactorOf(env).text(messageOf(thrown), strayLength) });
}

// An agent's unhandled rejection or failing timer must not end the runs of others.
process.on('unhandledRejection', reportStray);
process.on('uncaughtException', reportStray);

keepProcess();

port.on('message', (batch: readonly ThreadRequest[]) => batch.forEach(handle));

function handle(message: ThreadRequest): void {
  if (message.type === 'run') take(message.id, message.request, message.mark);
  else if (message.type === 'ping') report({ type: 'alive' });
  else answer(message);
}

function answer(message: Exclude<ThreadRequest, { type: 'run' | 'ping' }>): void {
  const attempt = attempts.get(message.id);
  if (message.type === 'cancel') attempt?.cancellation.abort();
  else if (message.type === 'session-loaded') attempt?.session.resolve(message.messages);
  else if (message.type === 'reserved') attempt?.calls[message.call]?.resolve(message.verdict);
  else if (message.type === 'not-reserved')
    attempt?.calls[message.call]?.reject(new RetryableError(message.message));
  else if (message.type === 'answered') attempt?.questions[message.call]?.resolve(message.answer);
  else if (message.type === 'not-answered')
    attempt?.questions[message.call]?.reject(new Error(message.message));
  else attempt?.session.reject(new Error(message.message));
}

// Send immediately: the thread's first work may hold it.
port.postMessage([{ type: 'alive' } satisfies ThreadReport]);
