import { AISDKError, APICallError, LoadAPIKeyError, UnsupportedFunctionalityError } from '@ai-sdk/provider';
import type { FinishReason } from 'ai';
import { messageOf } from '../../core/errors.ts';
import { AgentError } from './agent-error.ts';
import type { Redactor } from './redact.ts';

/** Maximum characters of a provider's message that the run's error repeats. */
const errorLength = 500;

/**
 * The AgentError for a failed model call.
 *
 * @param model `provider/model`
 */
export function modelFailure(thrown: unknown, model: string, redactor: Redactor): AgentError {
  const said = (text: string) => redactor.text(text.trim(), errorLength);
  if (APICallError.isInstance(thrown)) return apiFailure(thrown, model, said(thrown.message));
  if (LoadAPIKeyError.isInstance(thrown)) return new AgentError('provider-key-missing', said(thrown.message));
  if (UnsupportedFunctionalityError.isInstance(thrown)) {
    return new AgentError('model-error', `${model} cannot take this input: ${said(thrown.message)}`);
  }
  if (AISDKError.isInstance(thrown)) {
    // All other errors of the library mean an unreadable answer: truncated, empty, or malformed.
    const message = `${model} returned no usable answer: ${said(thrown.message)}`;
    return new AgentError('model-error', message, { cause: thrown, retryable: true });
  }
  const options = { cause: thrown, retryable: isNetworkError(thrown) };
  return new AgentError('model-error', `${model} failed: ${said(messageOf(thrown))}`, options);
}

function apiFailure(error: APICallError, model: string, said: string): AgentError {
  const options = { cause: error, retryable: error.isRetryable, retryAfterMs: retryAfterMs(error) };
  const { statusCode } = error;
  if (statusCode === undefined)
    return new AgentError('model-error', `${model} could not be reached: ${said}`, options);
  if (statusCode < 400) {
    const message = `${model} returned no usable answer: ${said}`;
    return new AgentError('model-error', message, { ...options, retryable: true });
  }
  const hint = statusCode === 401 || statusCode === 403 ? ' Check the provider key.' : '';
  return new AgentError('model-error', `${model} answered ${statusCode}: ${said}${hint}`, options);
}

/** How long the provider asks to wait: `retry-after-ms`, or `retry-after` in seconds or as a date; 0 without. */
function retryAfterMs({ responseHeaders = {} }: APICallError): number {
  const milliseconds = Number(responseHeaders['retry-after-ms'] ?? Number.NaN);
  if (Number.isFinite(milliseconds)) return Math.max(0, milliseconds);
  const after = responseHeaders['retry-after'] ?? '';
  if (/^\d+(\.\d+)?$/.test(after)) return Number(after) * 1_000;
  const sentAt = Date.parse(responseHeaders.date ?? '');
  const wait = Date.parse(after) - sentAt;
  return Number.isFinite(wait) ? Math.max(0, wait) : 0;
}

/** Whether the connection broke while the answer was read. */
function isNetworkError(thrown: unknown): boolean {
  return thrown instanceof TypeError || (thrown instanceof Error && 'code' in thrown);
}

/**
 * Fails for an answer that is not complete.
 *
 * @throws AgentError `model-refused`, `output-truncated` or `model-error`
 */
export function checkFinish(model: string, reason: FinishReason, raw: string | undefined): void {
  const detail = raw === undefined ? '' : ` (${raw})`;
  switch (reason) {
    case 'stop':
    case 'tool-calls':
    case 'other':
      return;
    case 'content-filter':
      throw new AgentError('model-refused', `${model} refused to answer${detail}.`);
    case 'length':
      throw new AgentError('output-truncated', `${model} stopped at its limit of output tokens${detail}.`);
    default:
      throw new AgentError('model-error', `${model} interrupted its answer${detail}.`, { retryable: true });
  }
}
