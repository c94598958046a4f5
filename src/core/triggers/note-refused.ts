import { messageOf } from '../errors.ts';
import { uuidV7 } from '../identifiers.ts';
import type { Engine } from '../ports/engine.ts';
import type { Arrival } from './arrival.ts';
import type { RefusedRequest } from './refused-request.ts';

/** What is told of a request, before it has an id. */
export interface RefusedDraft extends Omit<RefusedRequest, 'requestId' | 'at' | 'calledId' | 'arrival'> {
  readonly calledId: string;
  /** Is called only where the request is kept. */
  readonly arrival: () => Arrival;
}

/**
 * What one process keeps at most, so that a flood costs nothing: of each called id, and of each status. Both count alike
 * whether a connector has the id or not, so that the time of an answer does not tell.
 */
const keptOfId = { requests: 5, perSeconds: 60 };
const keptOfStatus = { requests: 20, perSeconds: 60 };

/** Buckets of called ids: senders choose those, and must not fill the memory. */
const idBuckets = 64;

const longestId = 64;

/**
 * Keeps a request that started no run, as far as there is room. Never throws: a note is no reason to answer otherwise.
 * A store that is away is asked for nothing more.
 */
export async function noteRefused(engine: Engine, draft: RefusedDraft): Promise<void> {
  if (draft.reason === 'unavailable' || !hasRoom(engine, draft)) return;
  const at = engine.clock();
  const request: RefusedRequest = {
    ...draft,
    requestId: uuidV7(at, engine.entropy),
    at,
    calledId: draft.calledId.slice(0, longestId),
    arrival: draft.arrival(),
  };
  try {
    await engine.refusedRequests.add(request);
  } catch (thrown) {
    engine.log.warn('refused-request.not-kept', { reason: messageOf(thrown) });
  }
}

function hasRoom({ rateLimiter, clock }: Engine, { calledId, status }: RefusedDraft): boolean {
  const now = clock();
  const ofId = rateLimiter.take(`refused id ${bucketOf(calledId)}`, keptOfId, now);
  return ofId.allowed && rateLimiter.take(`refused status ${status}`, keptOfStatus, now).allowed;
}

function bucketOf(calledId: string): number {
  let sum = 0;
  for (const character of calledId.slice(0, longestId))
    sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 65_521;
  return sum % idBuckets;
}
