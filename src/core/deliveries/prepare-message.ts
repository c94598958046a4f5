import { hash } from 'node:crypto';
import * as z from 'zod';
import type { AnyConnectorType, MessageDescription } from '../connectors/connector-type.ts';
import type { HttpHeaders } from '../connectors/http-request.ts';
import { messageOf } from '../errors.ts';
import { resultOfEvent } from '../events/event-deliveries.ts';
import type { Engine, OpenConnector } from '../ports/engine.ts';
import { hidden, hideSecrets, isCredentialHeader } from '../redaction/hide-secrets.ts';
import { type EndedRun, hasEnded, type Run } from '../runs/run.ts';
import { signedChainOf } from '../runs/run-chain.ts';
import type { Delivery, SentMessage } from './delivery.ts';

export type Prepared =
  | { readonly outcome: 'prepared'; readonly type: AnyConnectorType; readonly message: unknown }
  /** `error` is one sentence. */
  | { readonly outcome: 'not-preparable'; readonly error: string };

/**
 * Builds the message of a delivery from the ended run and the connector's current configuration.
 *
 * @param now Unix ms of the attempt
 * @throws RetryableError when the store is unavailable
 */
export async function prepareMessage(
  engine: Engine,
  delivery: Delivery,
  { connector, secrets }: OpenConnector,
  now: number,
): Promise<Prepared> {
  const { deliveryId } = delivery;
  const type = engine.types.get(connector.type);
  if (type?.prepare === undefined || type.send === undefined) {
    return notPreparable(`Connectors of type "${connector.type}" cannot deliver results.`);
  }
  const run = await sourceOf(engine, delivery);
  if (run === null || !isEnded(run)) return notPreparable('The run is no longer stored.');
  if (run.message === undefined && run.unreadable?.output !== undefined)
    return notPreparable(run.unreadable.output);
  const originType = type.asksForOriginType === true ? await originTypeOf(engine, run) : null;
  const origin = run.origin ?? null;
  const chain = type.carriesChain === true ? await chainOf(engine, run) : null;
  try {
    const message = type.prepare(run, { connector, deliveryId, secrets, now, originType, origin, chain });
    return { outcome: 'prepared', type, message };
  } catch (thrown) {
    engine.log.error('delivery.not-sendable', { delivery_id: deliveryId, reason: messageOf(thrown) });
    return notPreparable("The message could not be prepared. Check the connector's configuration.");
  }
}

/** What is delivered, in the form of an ended run: a result, an event, or a message of a run that may be in progress. */
async function sourceOf(
  engine: Engine,
  { runId, event, message, createdAt }: Delivery,
): Promise<Run | EndedRun | null> {
  if (event !== undefined) return resultOfEvent(event);
  const run = await engine.runs.get(runId);
  if (run === null || message === undefined) return run;
  const output = JSON.stringify(message);
  return { ...run, status: 'completed', endedAt: createdAt, error: null, output, message };
}

/** An event about a run carries that run's chain, so that a loop through events ends as well. */
async function chainOf(engine: Engine, run: EndedRun): Promise<string | null> {
  if (run.event === undefined) return signedChainOf(engine.chains, run);
  const about = run.event.run_id === null ? null : await engine.runs.get(run.event.run_id);
  return about === null ? null : signedChainOf(engine.chains, about);
}

function notPreparable(error: string): Prepared {
  return { outcome: 'not-preparable', error };
}

async function originTypeOf(engine: Engine, { connectorId }: EndedRun): Promise<string | null> {
  const origin = connectorId === null ? null : await engine.connectors.get(connectorId);
  return origin?.type ?? null;
}

function isEnded(run: Run | EndedRun): run is EndedRun {
  return hasEnded(run.status);
}

/** A message of a type that makes HTTP requests. */
const httpMessage = z.object({
  method: z.string().default('POST'),
  url: z.string(),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.union([z.string(), z.instanceof(Uint8Array)]).default(''),
});

/** The parts of a type's message; `null` if the type does not describe them. */
export function describeMessage(type: AnyConnectorType, message: unknown): MessageDescription | null {
  if (type.describe !== undefined) return type.describe(message);
  const read = httpMessage.safeParse(message);
  if (!read.success) return null;
  const { method, url, headers, body } = read.data;
  return { method, target: url, headers, body };
}

/** Limit the size of headers in a record. */
const mostHeaders = 30;
const longestText = 300;
const longestHeaders = 2_000;

/** Headers with the time are omitted: the record already has it, and without it attempts of one message are equal. */
const isTime = /timestamp/;

/** @param secrets the connector's secrets */
export function keptMessage(message: MessageDescription, secrets: readonly string[]): SentMessage {
  const { method, target, headers, body } = message;
  const timeless = Object.entries(headers).filter(([name]) => !isTime.test(name));
  return {
    method,
    target: hideSecrets(target, secrets).slice(0, longestText),
    headers: safeHeaders(Object.fromEntries(timeless), secrets),
    bytes: Buffer.byteLength(body),
    sha256: hash('sha256', body, 'base64url'),
  };
}

/** Headers to show: without credentials, and limited in size. @param headers by lower-case name */
export function safeHeaders(headers: HttpHeaders, secrets: readonly string[]): Record<string, string> {
  const kept: Record<string, string> = {};
  let length = 0;
  for (const [name, value] of Object.entries(headers).slice(0, mostHeaders)) {
    const safe = isCredentialHeader(name.toLowerCase()) ? hidden : hideSecrets(value, secrets);
    kept[name] = safe.slice(0, longestText);
    length += name.length + safe.length;
    if (length > longestHeaders) break;
  }
  return kept;
}
