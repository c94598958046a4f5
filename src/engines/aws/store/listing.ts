import { PermanentError } from '../../../core/errors.ts';
import type { Page, PageRequest } from '../../../core/ports/page.ts';
import type { Condition } from './expressions.ts';
import { timeBound } from './keys.ts';
import type { Item, QueryAnswer, Table } from './table.ts';
import type { TableIndex } from './table-schema.ts';

/** One list: all partitions of an index that together hold it, newest first. */
export interface Listing {
  readonly index: TableIndex;
  readonly partitions: readonly string[];
  /** On what the index includes. */
  readonly filter?: Condition;
  /** Bounds of the time, Unix ms: from inclusive, to exclusive. */
  readonly from?: number;
  readonly to?: number;
}

/** Places in a list (see `listedAt`), newest first, and the place after which the next ones come. */
export interface Places {
  readonly places: readonly string[];
  readonly next: string | null;
}

/** Items to look at in each partition where a filter takes some of them away. */
const filteredLimit = 200;

/** After so many rounds a page ends, however short; its cursor goes on. */
const maxRounds = 5;

/** Greater than every place: fifteen digits of milliseconds. */
const endOfTime = timeBound(999_999_999_999_999);

/**
 * The next places of a list after `cursor`: every partition is asked at once and the answers are merged. A partition
 * that has more than it answered hides what comes after its last answer, so the merge ends there.
 */
export async function nextPlaces(
  table: Table,
  listing: Listing,
  cursor: string | null,
  limit: number,
): Promise<Places> {
  const oldest = timeBound(listing.from ?? 0);
  const newest = earlier(cursor ?? endOfTime, listing.to === undefined ? endOfTime : timeBound(listing.to));
  if (newest <= oldest) return { places: [], next: null };
  const answers = await Promise.all(
    listing.partitions.map((partition) =>
      table.query({
        index: listing.index,
        partition,
        between: [oldest, newest],
        newestFirst: true,
        limit: listing.filter === undefined ? limit + 1 : filteredLimit,
        ...(listing.filter === undefined ? {} : { filter: listing.filter }),
      }),
    ),
  );
  return merge(answers, cursor, limit);
}

function merge(answers: readonly QueryAnswer[], cursor: string | null, limit: number): Places {
  const hiddenFrom = answers
    .flatMap((answer) => (answer.last === null ? [] : [placeOf(answer.last)]))
    .reduce<string | null>((newest, place) => (newest === null || place > newest ? place : newest), null);
  const known = answers
    .flatMap((answer) => answer.items.map(placeOf))
    .filter((place) => place !== cursor && (hiddenFrom === null || place >= hiddenFrom))
    .sort((a, b) => (a < b ? 1 : -1));
  const places = known.slice(0, limit);
  return { places, next: known.length > limit ? (places.at(-1) ?? null) : hiddenFrom };
}

/**
 * One page of a list: takes places and loads what stands there until the page is full, the list ends, or enough was
 * looked at.
 *
 * @param load the item of each place, in the same order; `null` where it is gone or does not belong to the list
 * @param batch how many places to load at a time, where `load` leaves many out
 * @throws PermanentError `invalid-cursor`
 */
export async function collectPage<Loaded>(
  table: Table,
  listing: Listing,
  request: PageRequest,
  load: (places: readonly string[]) => Promise<readonly (Loaded | null)[]>,
  batch = request.limit,
): Promise<Page<Loaded>> {
  const items: Loaded[] = [];
  let cursor = checkedCursor(request.cursor);
  for (let round = 0; round < maxRounds; round++) {
    const { places, next } = await nextPlaces(table, listing, cursor, batch);
    const loaded = await load(places);
    for (const [index, place] of places.entries()) {
      const item = loaded[index] ?? null;
      if (item !== null) items.push(item);
      if (items.length < request.limit) continue;
      const isLast = index === places.length - 1 && next === null;
      return { items, nextCursor: isLast ? null : place };
    }
    if (next === null) return { items, nextCursor: null };
    cursor = next;
  }
  return { items, nextCursor: cursor };
}

/** Loads a batch of items by key and puts them into the order of their places. */
export function inOrder<Loaded>(
  ids: readonly string[],
  loaded: readonly Loaded[],
  idOfItem: (item: Loaded) => string,
): (Loaded | null)[] {
  const byId = new Map(loaded.map((item) => [idOfItem(item), item]));
  return ids.map((id) => byId.get(id) ?? null);
}

function checkedCursor(cursor: string | null): string | null {
  if (cursor === null || /^\d{15}#[\w-]+$/.test(cursor)) return cursor;
  throw new PermanentError('invalid-cursor', 'This cursor does not come from a list.');
}

function placeOf(item: Item): string {
  const listed = item['listed'];
  if (typeof listed !== 'string') throw new Error('an item of an index has no place in its list');
  return listed;
}

function earlier(a: string, b: string): string {
  return a < b ? a : b;
}
