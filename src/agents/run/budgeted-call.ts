import { APICallError } from '@ai-sdk/provider';
import type { ModelMessage } from 'ai';
import type { CallCost, CallVerdict } from '../../core/budgets/model-call.ts';
import { systemErrorCode } from '../../core/errors.ts';
import type { TokenUsage } from '../../core/runs/run.ts';
import type { LlmAgent } from '../agent-definition.ts';
import type { ResolvedModel } from '../models/resolve-model.ts';
import { AgentError, RunHeld } from './agent-error.ts';
import { abortable, sleep } from './deadline.ts';
import type { GeneratedStep, ModelPrompt } from './generate-step.ts';
import { costOf, isFree } from './prices.ts';
import type { Invocation } from './run-scope.ts';

/** Output tokens that are reserved for a call of an agent without `max_output_tokens`. */
const assumedOutputTokens = 8_192;

/** Pauses between requests for a reservation, in ms, with jitter. */
const firstPauseMs = 50;
const longestPauseMs = 1_000;
/**
 * A run that has waited for reservations for as long waits in the queue instead; at most half of the agent's timeout. It
 * extends the timeout, and the lease of a run has a margin for it.
 */
const patienceMs = 20_000;

/**
 * Makes a call of a model within the budgets that count it: reserves what it uses at most, and settles what it has used.
 *
 * @param call makes the call, and says what it has used as soon as that is known
 * @throws RunHeld if the run must wait for a budget; AgentError `budget-exceeded`, `price-unknown`; errors of `call`
 */
export async function budgetedCall(
  invocation: Invocation<LlmAgent>,
  resolved: ResolvedModel,
  prompt: ModelPrompt,
  call: (onUsed: (used: CallCost) => void) => Promise<GeneratedStep>,
): Promise<GeneratedStep> {
  const { budget } = invocation.run;
  const reservation = await reserve(invocation, resolved, prompt);
  if (budget === undefined || reservation === null) return call(() => undefined);
  let used: CallCost | null = null;
  try {
    return await call((known) => {
      used = known;
    });
  } catch (thrown) {
    if (wasRefused(thrown)) used = nothing;
    throw thrown;
  } finally {
    await budget.settle(reservation, used);
  }
}

const nothing: CallCost = { tokens: 0, usd: 0 };

/** The reservation to settle; `null` if no budget counts the call. */
async function reserve(
  invocation: Invocation<LlmAgent>,
  resolved: ResolvedModel,
  prompt: ModelPrompt,
): Promise<string | null> {
  const { run, agent, signal } = invocation;
  const { budget, sessionKey, trace } = run;
  if (budget === undefined) return null;
  const atMost = await costAtMost(invocation, resolved, prompt);
  const planned = { agentName: agent.name, model: resolved.name, sessionKey, atMost };
  const patience = Math.min(patienceMs, agent.timeoutSeconds * 500);
  const { random = Math.random } = run.environment;
  let hasWaited = false;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    const verdict = await abortable(budget.reserve(planned), signal);
    if (verdict.outcome === 'granted') return verdict.reservation;
    if (verdict.outcome !== 'wait' || run.waitedMs >= patience) throw errorOf(verdict);
    if (!hasWaited)
      trace.log('info', 'agent', 'Waits for a budget: other calls have reserved the rest of it.');
    hasWaited = true;
    const jittered = pauseMs * (0.5 + random());
    run.waitedMs += jittered;
    await sleep(jittered, signal);
  }
}

function errorOf(verdict: Exclude<CallVerdict, { outcome: 'granted' }>): Error {
  return verdict.outcome === 'refused' ? new AgentError(verdict.code, verdict.message) : new RunHeld();
}

/** The most that a call may use: an estimate of its input, and the output up to the agent's limit. */
async function costAtMost(
  { run, agent }: Invocation<LlmAgent>,
  resolved: ResolvedModel,
  prompt: ModelPrompt,
): Promise<CallCost> {
  const input = estimatedTokens(prompt);
  const output = agent.maxOutputTokens ?? assumedOutputTokens;
  const usage: TokenUsage = { input, output, total: input + output, cached: 0, reasoning: 0 };
  return { tokens: usage.total, usd: isFree(resolved) ? 0 : await costOf(run, resolved, usage) };
}

/** Bytes of text per token, fewer than any tokenizer needs for whole words; and what each message adds. */
const bytesPerToken = 3;
const tokensPerMessage = 8;
/** An image, or a page of a document, takes fewer tokens. */
const tokensPerFile = 2_000;
const fileBytesPerToken = 50;

/** The tokens of a prompt, rather too many than too few. */
export function estimatedTokens({ systemPrompt, messages, tools }: ModelPrompt): number {
  const texts = bytesOf(systemPrompt) + bytesOf(JSON.stringify(tools));
  return messages.reduce((sum, message) => sum + tokensOf(message), Math.ceil(texts / bytesPerToken));
}

function tokensOf({ content }: ModelMessage): number {
  if (typeof content === 'string') return tokensPerMessage + Math.ceil(bytesOf(content) / bytesPerToken);
  return content.reduce((sum, part) => {
    if (part.type === 'file' && 'data' in part)
      return sum + tokensPerFile + fileBytes(part.data) / fileBytesPerToken;
    return sum + Math.ceil(bytesOf(JSON.stringify(part)) / bytesPerToken);
  }, tokensPerMessage);
}

function fileBytes(data: unknown): number {
  if (typeof data === 'string') return data.length;
  return data instanceof Uint8Array ? data.byteLength : 0;
}

function bytesOf(text: string | undefined): number {
  return text === undefined ? 0 : Buffer.byteLength(text);
}

/** Codes of connections that were never made. */
const unconnected = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

/** Whether the provider refused the call, or was never reached: then it has used nothing. */
function wasRefused(thrown: unknown): boolean {
  if (!(thrown instanceof AgentError) || !APICallError.isInstance(thrown.cause)) return false;
  const { statusCode } = thrown.cause;
  return statusCode === undefined ? wasNeverSent(thrown.cause) : statusCode >= 400;
}

function wasNeverSent({ cause }: Error): boolean {
  if (unconnected.has(systemErrorCode(cause) ?? '')) return true;
  return cause instanceof Error && wasNeverSent(cause);
}
