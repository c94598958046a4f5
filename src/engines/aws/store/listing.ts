import { PermanentError } from '../../../core/errors.ts';
import type { Page, PageRequest } from '../../../core/ports/page.ts';
import type { Condition } from './expressions.ts';
import { type TableIndex, timeBound } from './keys.ts';
import type { Item, PartitionQuery, QueryAnswer, Table } from './table.ts';

/** One list, newest first: all partitions of an index that contain it. */
export interface Listing {
  readonly index: TableIndex;
  readonly partitions: readonly string[];
  /** On the attributes that the index includes. */
  readonly filter?: Condition;
  /** Further partitions that contain almost only other items. */
  readonly beside?: Beside;
  /** Time bounds, Unix ms: from inclusive, to exclusive. */
  readonly from?: number;
  readonly to?: number;
}

/**
 * Partitions that may hold a few more items of a list. Only their oldest and newest entries are read; the rest, however
 * many, neither delays the list nor hides items in its own partitions.
 */
export interface Beside {
  readonly partitions: readonly string[];
  readonly filter: Condition;
}

/** Places in a list (see `listedAt`), newest first, and the place that the next page starts after. */
export interface Places {
  readonly places: readonly string[];
  readonly next: string | null;
}

/**
 * Items to read in each partition when a filter drops some: more if matches turn out to be rare. DynamoDB reads 1 MB
 * per call, about 5,000 entries.
 */
const filteredLimits = [200, 1_000, 5_000] as const;

/** Items to read from either end of each partition beside the list. */
const besideLimit = 1_000;

/** A page ends after this many rounds, however short; its cursor continues from there. */
const maxRounds = 5;

/** Greater than every place: fifteen digits of milliseconds. */
const endOfTime = timeBound(999_999_999_999_999);

/**
 * The next places of a list after `cursor`: queries all partitions in parallel and merges the answers. A partition with
 * more items hides everything after its last answer, so the merge ends there.
 *
 * @param lookAt items to read in each partition
 */
async function nextPlaces(
  table: Table,
  listing: Listing,
  cursor: string | null,
  limit: number,
  lookAt: number,
): Promise<Places> {
  const oldest = timeBound(listing.from ?? 0);
  const newest = earlier(cursor ?? endOfTime, listing.to === undefined ? endOfTime : timeBound(listing.to));
  if (newest <= oldest) return { places: [], next: null };
  const { index, filter } = listing;
  const range = { index, between: [oldest, newest] as const };
  const filtered = filter === undefined ? {} : { filter };
  const [answers, beside] = await Promise.all([
    Promise.all(
      listing.partitions.map((partition) =>
        table.query({ ...range, partition, newestFirst: true, limit: lookAt, ...filtered }),
      ),
    ),
    lookBeside(table, range, listing.beside),
  ]);
  return merge(answers, beside, cursor, limit);
}

/** The list's items among the newest and the oldest entries of the partitions beside it. */
async function lookBeside(
  table: Table,
  range: Pick<PartitionQuery, 'index' | 'between'>,
  { partitions, filter }: Beside = { partitions: [], filter: { expression: '' } },
): Promise<readonly Item[]> {
  const found = await Promise.all(
    partitions.map(async (partition) => {
      const query = { ...range, partition, filter, limit: besideLimit };
      const newest = await table.query({ ...query, newestFirst: true });
      return newest.last === null ? [newest] : [newest, await table.query(query)];
    }),
  );
  return found.flat().flatMap(({ items }) => items);
}

function merge(
  answers: readonly QueryAnswer[],
  beside: readonly Item[],
  cursor: string | null,
  limit: number,
): Places {
  const hiddenFrom = answers
    .flatMap((answer) => (answer.last === null ? [] : [placeOf(answer.last)]))
    .reduce<string | null>((newest, place) => (newest === null || place > newest ? place : newest), null);
  const found = [...answers.flatMap((answer) => answer.items), ...beside].map(placeOf);
  // An item that is moving between partitions may be in both answers.
  const known = [...new Set(found)]
    .filter((place) => place !== cursor && (hiddenFrom === null || place >= hiddenFrom))
    .sort((a, b) => (a < b ? 1 : -1));
  const places = known.slice(0, limit);
  return { places, next: known.length > limit ? (places.at(-1) ?? null) : hiddenFrom };
}

/**
 * Number of items to read in each partition. Without a filter, enough that a second query is almost never needed: a
 * list is spread evenly, so the partition's share, three standard deviations, and a few more.
 *
 * @param sparse rounds that returned fewer places than requested
 */
function lookedAt({ partitions, filter }: Listing, limit: number, sparse: number): number {
  if (filter !== undefined) return filteredLimits[sparse] ?? filteredLimits[2];
  const part = limit / partitions.length;
  return Math.min(limit + 1, Math.ceil(part + 3 * Math.sqrt(part) + 4));
}

/**
 * One page of a list: takes places and loads their items until the page is full, the list ends, or the maximum number
 * of rounds is reached.
 *
 * @param load the item of each place, in the same order; `null` if it is gone or does not belong to the list
 * @param batch number of places to load at a time, if `load` drops many
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
  let sparse = 0;
  for (let round = 0; round < maxRounds; round++) {
    const lookAt = lookedAt(listing, batch, sparse);
    const { places, next } = await nextPlaces(table, listing, cursor, batch, lookAt);
    if (places.length < batch) sparse += 1;
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

/** Puts loaded items in the order of their ids. */
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
  throw new PermanentError('invalid-cursor', 'The cursor does not belong to this list.');
}

function placeOf(item: Item): string {
  const listed = item['listed'];
  if (typeof listed !== 'string') throw new Error('an item of an index has no place in its list');
  return listed;
}

function earlier(a: string, b: string): string {
  return a < b ? a : b;
}
