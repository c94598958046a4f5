import { messageOf } from '../errors.ts';
import { uuidV7 } from '../identifiers.ts';
import type { Engine } from '../ports/engine.ts';
import type { Arrival } from './arrival.ts';
import type { RefusedRequest } from './refused-request.ts';

/** The details of a request before it has an id. */
export interface RefusedDraft extends Omit<RefusedRequest, 'requestId' | 'at' | 'calledId' | 'arrival'> {
  readonly calledId: string;
  /** Called only if the request is kept. */
  readonly arrival: () => Arrival;
}

/**
 * The most that one process keeps of each called id and of each status, so that a flood costs nothing. Both limits
 * count whether or not a connector has the id, so that response times do not tell.
 */
const keptOfId = { requests: 5, perSeconds: 60 };
const keptOfStatus = { requests: 20, perSeconds: 60 };

/** Buckets of called ids: senders choose the ids, which must not fill the memory. */
const idBuckets = 64;

const longestId = 64;

/**
 * Keeps a request that started no run, if there is room. Never throws: a failed note must not change the answer. While
 * the store is unavailable, it keeps nothing.
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
