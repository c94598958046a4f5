import type { FieldProblem } from './field-problem.ts';
import { suggestion } from './nearest-name.ts';
import type { AgentCatalog } from './ports/agent-catalog.ts';

/** Why the core refuses an operator's request; the request or the configuration must change first. */
export interface Refusal<Reason extends string = string> {
  readonly outcome: 'refused';
  /** kebab-case, stable. */
  readonly reason: Reason;
  /** One clear sentence. */
  readonly detail: string;
  /** Every problem, if fields are to blame. */
  readonly problems: readonly FieldProblem[];
  /** When the same request may succeed; absent if waiting does not help. */
  readonly retryAfterSeconds?: number;
}

/** A refusal without a single field to blame. */
export function refuse<Reason extends string>(reason: Reason, detail: string): Refusal<Reason> {
  return { outcome: 'refused', reason, detail, problems: [] };
}

/** The refusal of a request with invalid fields; its sentence names all of them. */
export function refuseInvalid(problems: readonly FieldProblem[]): Refusal<'invalid-request'> {
  return { outcome: 'refused', reason: 'invalid-request', detail: sentenceOf(problems), problems };
}

function sentenceOf(problems: readonly FieldProblem[]): string {
  const parts = problems.map(({ field, message }) => {
    const rest = message.replace(/\.$/, '');
    return field === '' ? rest : `${field}: ${rest}`;
  });
  const sentence = `Invalid request. ${parts.join('; ')}`;
  return sentence.endsWith('?') ? sentence : `${sentence}.`;
}

/** No connector has the requested id. */
export function connectorNotFound(connectorId: string): Refusal<'connector-not-found'> {
  return refuse('connector-not-found', `There is no connector with the id "${connectorId}".`);
}

/** No connection has the requested id. */
export function connectionNotFound(connectionId: string): Refusal<'connection-not-found'> {
  return refuse('connection-not-found', `There is no connection with the id "${connectionId}".`);
}

/** No agent of the project has the requested name. @param agents the agents of the project */
export function agentNotFound(agentName: string, agents: AgentCatalog): Refusal<'agent-not-found'> {
  return refuse('agent-not-found', noSuchAgent(agentName, agents));
}

/** Says that the agent does not exist, and suggests a similar name. */
export function noSuchAgent(agentName: string, agents: AgentCatalog): string {
  const names = agents.list().map(({ name }) => name);
  return `There is no agent named "${agentName}".${suggestion(agentName, names)}`;
}

/** No run has the requested id, or the run is older than runs are kept. */
export function runNotFound(runId: string): Refusal<'run-not-found'> {
  return refuse('run-not-found', `There is no run with the id "${runId}".`);
}

/** No trigger has the requested id, or the trigger is older than runs are kept. */
export function triggerNotFound(triggerId: string): Refusal<'trigger-not-found'> {
  return refuse('trigger-not-found', `There is no trigger with the id "${triggerId}".`);
}

/** No delivery has the requested id, or the delivery is older than deliveries are kept. */
export function deliveryNotFound(deliveryId: string): Refusal<'delivery-not-found'> {
  return refuse('delivery-not-found', `There is no delivery with the id "${deliveryId}".`);
}

/** No dead letter has the requested id; it may have been retried already. */
export function deadLetterNotFound(deadLetterId: string): Refusal<'dead-letter-not-found'> {
  return refuse('dead-letter-not-found', `There is no dead letter with the id "${deadLetterId}".`);
}

/** No API key has the requested id, or the key ended longer ago than keys are kept. */
export function apiKeyNotFound(keyId: string): Refusal<'api-key-not-found'> {
  return refuse('api-key-not-found', `There is no API key with the id "${keyId}".`);
}

/** No budget has the requested id. */
export function budgetNotFound(budgetId: string): Refusal<'budget-not-found'> {
  return refuse('budget-not-found', `There is no budget with the id "${budgetId}".`);
}

/** The connector's mode has no secret to show or to rotate. */
export function noSecret(connectorId: string): Refusal<'no-secret'> {
  return refuse('no-secret', `The connector "${connectorId}" has no secret of its own.`);
}
