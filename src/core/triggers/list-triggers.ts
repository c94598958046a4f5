import * as z from 'zod';
import { PermanentError } from '../errors.ts';
import type { Engine } from '../ports/engine.ts';
import type { Page, PageRequest, Placed } from '../ports/page.ts';
import type { RefusedRequest } from './refused-request.ts';
import type { TriggerRecord } from './trigger.ts';
import { type TriggerOutcome, triggerOutcomes } from './trigger-outcome.ts';

/** A trigger or a refused request as lists show it. */
export interface ListedTrigger {
  /** Of a refused request, its own id. */
  readonly triggerId: string;
  readonly connectorId: string | null;
  readonly receivedAt: number;
  readonly outcome: TriggerOutcome;
  /** One sentence, or one per agent; `null` if it was accepted. */
  readonly reason: string | null;
  readonly runIds: readonly string[];
  /** When an operator sent a filtered one through; otherwise `null`. */
  readonly sentAt: number | null;
}

export interface TriggerListQuery extends PageRequest {
  readonly outcome?: TriggerOutcome;
  readonly connectorId?: string;
  /** Bounds of `receivedAt`, Unix ms: `from` is inclusive, `to` exclusive. */
  readonly from?: number;
  readonly to?: number;
  /** The id of a trigger; text in the payload, or in what is kept of a refused request; `key=value` in the context. */
  readonly search?: string;
}

/**
 * Lists what came in, newest first, whatever became of it. A page may be short.
 *
 * @throws PermanentError `invalid-cursor`
 * @throws RetryableError when the store is unavailable
 */
export async function listTriggers(engine: Engine, query: TriggerListQuery): Promise<Page<ListedTrigger>> {
  const ofId = query.search === undefined ? null : await triggerOfId(engine, query.search.trim());
  if (ofId !== null) return { items: isAmong(ofId, query) ? [ofId] : [], nextCursor: null };
  const cursors = readCursor(query);
  const read = await Promise.all(
    triggerOutcomes
      .filter((outcome) => cursors[outcome] !== undefined)
      .map(async (outcome) => ({
        outcome,
        cursor: cursors[outcome] ?? null,
        page: await pageOf(engine, outcome, { ...query, cursor: cursors[outcome] ?? null }),
      })),
  );
  const taken = newest(read, query.limit);
  const next = read.flatMap(({ outcome, cursor, page }) => {
    const ofOutcome = taken.filter(({ item }) => item.outcome === outcome);
    const isWhole = ofOutcome.length === page.items.length;
    const after = isWhole ? page.nextCursor : (ofOutcome.at(-1)?.cursor ?? cursor);
    return isWhole && after === null ? [] : [[outcome, after] as const];
  });
  const nextCursor = next.length === 0 ? null : writeCursor(Object.fromEntries(next));
  return { items: taken.map(({ item }) => item), nextCursor };
}

interface ReadPage {
  readonly outcome: TriggerOutcome;
  readonly page: Page<Placed<ListedTrigger>>;
}

/** The newest of all lists. Where a list goes on, nothing older than its last item may come before the rest of it. */
function newest(read: readonly ReadPage[], limit: number): readonly Placed<ListedTrigger>[] {
  const bounds = read
    .filter(({ page }) => page.nextCursor !== null)
    .map(({ page }) => page.items.at(-1)?.item.receivedAt ?? Number.POSITIVE_INFINITY);
  const bound = Math.max(0, ...bounds);
  return read
    .flatMap(({ page }) => page.items.filter(({ item }) => item.receivedAt >= bound))
    .sort((one, other) => other.item.receivedAt - one.item.receivedAt)
    .slice(0, limit);
}

async function pageOf(
  engine: Engine,
  outcome: TriggerOutcome,
  { outcome: _outcome, ...query }: TriggerListQuery,
): Promise<Page<Placed<ListedTrigger>>> {
  if (outcome === 'refused') {
    const page = await engine.refusedRequests.search({ ...query, now: engine.clock() });
    return { ...page, items: page.items.map(({ item, cursor }) => ({ item: listedRefused(item), cursor })) };
  }
  const page = await engine.runs.listTriggers({ ...query, outcome });
  return { ...page, items: page.items.map(({ item, cursor }) => ({ item: listedTrigger(item), cursor })) };
}

/** A trigger as lists show it. */
export function listedTrigger({
  triggerId,
  connectorId,
  receivedAt,
  runIds,
  filtered,
}: TriggerRecord): ListedTrigger {
  return {
    triggerId,
    connectorId,
    receivedAt,
    outcome: filtered === undefined ? 'accepted' : 'filtered',
    reason: filtered?.reason ?? null,
    runIds,
    sentAt: filtered?.sentAt ?? null,
  };
}

/** A refused request as lists show it. */
export function listedRefused({ requestId, connectorId, at, detail }: RefusedRequest): ListedTrigger {
  return {
    triggerId: requestId,
    connectorId,
    receivedAt: at,
    outcome: 'refused',
    reason: detail,
    runIds: [],
    sentAt: null,
  };
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

async function triggerOfId(engine: Engine, text: string): Promise<ListedTrigger | null> {
  if (!uuid.test(text)) return null;
  const id = text.toLowerCase();
  const [trigger, request] = await Promise.all([
    engine.runs.findTrigger(id),
    engine.refusedRequests.find(id),
  ]);
  if (trigger !== null) return listedTrigger(trigger);
  return request === null ? null : listedRefused(request);
}

function isAmong(trigger: ListedTrigger, { outcome, connectorId, from, to }: TriggerListQuery): boolean {
  return (
    (outcome === undefined || outcome === trigger.outcome) &&
    (connectorId === undefined || connectorId === trigger.connectorId) &&
    trigger.receivedAt >= (from ?? 0) &&
    trigger.receivedAt < (to ?? Number.POSITIVE_INFINITY)
  );
}

/** Where each list goes on: `null` at its beginning, absent at its end. */
type Cursors = { readonly [Outcome in TriggerOutcome]?: string | null | undefined };

const cursorSchema = z.strictObject({
  accepted: z.string().nullable().optional(),
  filtered: z.string().nullable().optional(),
  refused: z.string().nullable().optional(),
});

function readCursor({ cursor, outcome }: TriggerListQuery): Cursors {
  if (cursor === null) {
    return outcome === undefined ? { accepted: null, filtered: null, refused: null } : { [outcome]: null };
  }
  try {
    return cursorSchema.parse(JSON.parse(decodeURIComponent(cursor)));
  } catch {
    throw new PermanentError('invalid-cursor', 'The cursor does not belong to this list.');
  }
}

function writeCursor(cursors: Cursors): string {
  return encodeURIComponent(JSON.stringify(cursors));
}
