import type { ModelMessage } from 'ai';
import { messageOf, RetryableError } from '../../core/errors.ts';
import { keyAtPath } from '../../core/identifiers.ts';
import type { JsonValue } from '../../core/json/json-value.ts';
import type { LlmAgent } from '../agent-definition.ts';
import { restoreConversation } from './conversation.ts';
import { abortable } from './deadline.ts';
import { visibleValues } from './run-project-code.ts';
import type { Invocation } from './run-scope.ts';

/** A conversation that a run continues. */
export interface OpenSession {
  readonly key: string;
  readonly earlier: readonly ModelMessage[];
}

/**
 * Loads the conversation that the agent keeps under the run's key, or that of the connection that brought the event; call
 * it after middleware may have changed the context. A conversation that cannot be read starts over, with a warning.
 *
 * @returns `null` if the agent keeps no conversation, or the run has no key for one
 * @throws RetryableError if it cannot be loaded; RunCancelled, AgentError `timeout`
 */
export async function openSession(invocation: Invocation<LlmAgent>): Promise<OpenSession | null> {
  const { agent, context, loadSession, payload, run, signal } = invocation;
  if (loadSession === null) return null;
  const key =
    agent.session === null
      ? run.request.conversationKey
      : keyAtPath({ input: payload.exact, context: visibleValues(context) }, agent.session.key);
  if (key === undefined || key === null) return null;
  run.sessionKey = key;
  const earlier = restoreConversation(await abortable(loaded(loadSession, key), signal));
  if (earlier === null) run.warnings.add('The conversation could not be loaded. This run starts a new one.');
  return { key, earlier: earlier ?? [] };
}

async function loaded(
  loadSession: NonNullable<Invocation['loadSession']>,
  key: string,
): Promise<readonly JsonValue[]> {
  try {
    return await loadSession(key);
  } catch (thrown) {
    throw new RetryableError(`the conversation could not be loaded: ${messageOf(thrown)}`, { cause: thrown });
  }
}
