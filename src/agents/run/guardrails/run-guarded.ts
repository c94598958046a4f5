import * as z from 'zod';
import { type JsonValue, jsonObject } from '../../../core/json/json-value.ts';
import type { KeptSession } from '../../../core/ports/agent-executor.ts';
import type { Guardrail, Guardrails } from '../../agent-definition.ts';
import { AgentError, endsRun } from '../agent-error.ts';
import { applyAfter } from '../run-project-code.ts';
import type { AgentAnswer, Invocation } from '../run-scope.ts';
import { given, type OpenSpan } from '../trace-recorder.ts';
import { checkContent, type Verdict } from './check-content.ts';
import {
  type Content,
  type GuardedInput,
  inputContent,
  mapPayload,
  mapText,
  outputContent,
} from './guarded-content.ts';
import { redactPersonalData } from './personal-data.ts';

type Direction = 'input' | 'output';

const usualRejection = {
  input: 'This request was blocked by a guardrail.',
  output: 'The answer was blocked by a guardrail.',
} as const;

/** Maximum characters of a guardrail's reason and details. */
const reasonLength = 1_000;
const detailsLength = 4_000;

/**
 * Runs an agent between its guardrails: those of the input, the agent with its middleware, those of the output. A blocked
 * agent answers with the rejection message, and keeps nothing of the conversation.
 *
 * @param run runs the agent
 * @throws AgentError `guardrail-blocked` if a guardrail fails the run; errors of `run`, and of models that guardrails ask
 */
export async function runGuarded(
  invocation: Invocation,
  guardrails: Guardrails,
  run: (invocation: Invocation) => Promise<AgentAnswer>,
): Promise<AgentAnswer> {
  const { onText } = invocation;
  const input = await passThrough(
    invocation,
    'input',
    guardrails.input,
    inputOf(invocation),
    inputContent,
    null,
  );
  if (input.outcome === 'blocked') {
    const text = guardrails.runAfterOnBlock ? await applyAfter(invocation, input.rejection) : input.rejection;
    onText?.(text);
    return { text, session: null, isBlocked: true };
  }
  const { payload, modelInput } = input.value;
  if (payload !== invocation.payload) hidePayload(invocation, input.redactors);
  // What a caller has read cannot be taken back.
  const mayChange = guardrails.output.some(({ mode }) => mode !== 'warn');
  const answer = await run({ ...invocation, payload, modelInput, onText: mayChange ? undefined : onText });
  const left = answer.isBlocked ? answer : await leave(invocation, guardrails.output, answer, input.value);
  if (mayChange) onText?.(left.text);
  return left;
}

function inputOf({ payload, modelInput }: Invocation): GuardedInput {
  return { payload, modelInput };
}

/** Takes what was redacted out of what tools, middleware and later steps see as the run's payload. */
function hidePayload({ run, context }: Invocation, redactors: readonly Redactor[]): void {
  run.visiblePayload = redactors.reduce((payload, redact) => mapPayload(payload, redact), run.visiblePayload);
  Object.defineProperty(context, 'payload', { value: run.visiblePayload });
}

async function leave(
  invocation: Invocation,
  guardrails: readonly Guardrail[],
  answer: AgentAnswer,
  input: GuardedInput,
): Promise<AgentAnswer> {
  const question = inputContent(input).text;
  const output = await passThrough(invocation, 'output', guardrails, answer.text, outputContent, question);
  if (output.outcome === 'blocked') return { text: output.rejection, session: null, isBlocked: true };
  if (output.redactors.length === 0) return answer;
  await checkSchema(invocation, output.value);
  const session = answer.session && redactedSession(answer.session, output.redactors);
  return { ...answer, text: output.value, session };
}

/** @throws AgentError `output-invalid` if a redacted answer does not fit the agent's schema any more */
async function checkSchema({ agent }: Invocation, text: string): Promise<void> {
  const schema = agent.type === 'llm' ? agent.outputSchema : null;
  if (schema === null) return;
  const { fitToSchema } = await import('../schema-output.ts');
  fitToSchema(text, schema, 'The answer without what a guardrail redacted');
}

const lastMessage = z.looseObject({
  role: z.literal('assistant'),
  content: z.union([
    z.string(),
    z.array(z.union([z.looseObject({ type: z.literal('text'), text: z.string() }), z.looseObject({})])),
  ]),
});

/** The conversation with the answer as it went out: the next run must not repeat what this one redacted. */
function redactedSession(session: KeptSession, redactors: readonly Redactor[]): KeptSession {
  const redact = (text: string) => redactors.reduce(mapText, text);
  const parsed = lastMessage.safeParse(session.messages.at(-1));
  if (!parsed.success) return session;
  const { content } = parsed.data;
  const parts =
    typeof content === 'string'
      ? redact(content)
      : content.map((part) =>
          'text' in part && typeof part['text'] === 'string' ? { ...part, text: redact(part['text']) } : part,
        );
  const last: JsonValue = jsonObject.parse({ ...parsed.data, content: parts });
  return { ...session, messages: [...session.messages.slice(0, -1), last] };
}

type Redactor = (text: string) => string;

type Passage<Value> =
  | { readonly outcome: 'blocked'; readonly rejection: string }
  | { readonly outcome: 'through'; readonly value: Value; readonly redactors: readonly Redactor[] };

/** Checks a value with guardrails in their order. Each sees what the ones before it have left. */
async function passThrough<Value>(
  invocation: Invocation,
  direction: Direction,
  guardrails: readonly Guardrail[],
  value: Value,
  contentOf: (value: Value) => Content<Value>,
  question: string | null,
): Promise<Passage<Value>> {
  let content = contentOf(value);
  const redactors: Redactor[] = [];
  for (const guardrail of guardrails) {
    const verdict = await checkInSpan(invocation, direction, guardrail, content, question);
    if (verdict.outcome === 'passed' || guardrail.mode === 'warn') continue;
    if (guardrail.mode === 'block') return blocked(guardrail, direction, verdict.message);
    if (verdict.redacted !== null) content = contentOf(verdict.redacted);
    if ('entities' in guardrail)
      redactors.push((text) => redactPersonalData(text, guardrail.entities, new Map()));
  }
  return { outcome: 'through', value: content.value, redactors };
}

/** @throws AgentError `guardrail-blocked` */
function blocked({ rejectionMessage, failRun }: Guardrail, direction: Direction, message: string | null) {
  const rejection = message ?? rejectionMessage ?? usualRejection[direction];
  if (failRun) throw new AgentError('guardrail-blocked', rejection);
  return { outcome: 'blocked', rejection } as const;
}

const statuses = { block: 'blocked', warn: 'warned', redact: 'redacted' } as const;

async function checkInSpan<Value>(
  invocation: Invocation,
  direction: Direction,
  guardrail: Guardrail,
  content: Content<Value>,
  question: string | null,
): Promise<Verdict<Value>> {
  const { run, span: parent } = invocation;
  const { name, type, mode } = guardrail;
  const attributes = {
    'guardrail.name': name,
    'guardrail.type': type,
    'guardrail.direction': direction,
    'guardrail.mode': mode,
    ...(content.unreadFiles === 0 ? {} : { 'guardrail.unread_files': content.unreadFiles }),
  };
  const start = { kind: 'guardrail', name: `guardrail ${name}`, parent, attributes } as const;
  return run.trace.span(start, async (span) => {
    const verdict = await verdictOf(invocation, guardrail, direction, content, question, span);
    const isViolated = verdict.outcome === 'violated';
    span.set({ 'guardrail.status': isViolated ? statuses[mode] : 'passed' });
    if (!isViolated) return verdict;
    const reason = run.trace.redactor.text(verdict.reason, reasonLength);
    const details = verdict.details === null ? null : run.trace.content.json(verdict.details, detailsLength);
    span.set(given({ 'guardrail.reason': reason, 'guardrail.details': details }));
    if (mode === 'block') run.warnings.add(`The guardrail "${name}" blocked the ${direction}: ${reason}`);
    if (mode === 'warn')
      run.warnings.add(`The guardrail "${name}" let the ${direction} pass with a warning: ${reason}`);
    return verdict;
  });
}

/** A guardrail that only warns stops no run, even if its model cannot be asked. */
async function verdictOf<Value>(
  invocation: Invocation,
  guardrail: Guardrail,
  direction: Direction,
  content: Content<Value>,
  question: string | null,
  span: OpenSpan,
): Promise<Verdict<Value>> {
  try {
    return await checkContent(invocation, guardrail, content, question, span);
  } catch (thrown) {
    if (!(thrown instanceof AgentError) || endsRun(thrown)) throw thrown;
    const message = `The guardrail "${guardrail.name}" could not check the ${direction}: ${thrown.message}`;
    if (guardrail.mode !== 'warn') throw new AgentError(thrown.code, message, { cause: thrown });
    return { outcome: 'violated', reason: thrown.message, message: null, details: null, redacted: null };
  }
}
