import { PermanentError } from '../../../core/errors.ts';
import type { Page, PageRequest } from '../../../core/ports/page.ts';
import type { Condition } from './expressions.ts';
import { timeBound } from './keys.ts';
import type { Item, PartitionQuery, QueryAnswer, Table } from './table.ts';
import type { TableIndex } from './table-schema.ts';

/** One list: all partitions of an index that together hold it, newest first. */
export interface Listing {
  readonly index: TableIndex;
  readonly partitions: readonly string[];
  /** On what the index includes. */
  readonly filter?: Condition;
  /** Partitions that are nearly all of something else, beside those of the list. */
  readonly beside?: Beside;
  /** Bounds of the time, Unix ms: from inclusive, to exclusive. */
  readonly from?: number;
  readonly to?: number;
}

/**
 * Where a few things of a list may still stand. The oldest and the newest entries are looked at; what else is there, however
 * much, is neither waited for nor does it hide what is in the list's own partitions.
 */
export interface Beside {
  readonly partitions: readonly string[];
  readonly filter: Condition;
}

/** Places in a list (see `listedAt`), newest first, and the place after which the next ones come. */
export interface Places {
  readonly places: readonly string[];
  readonly next: string | null;
}

/**
 * Items to look at in each partition where a filter takes some of them away: more, the rarer they turn out to be. DynamoDB
 * looks at 1 MB in one call, some 5,000 entries.
 */
const filteredLimits = [200, 1_000, 5_000] as const;

/** Items to look at from either end of each partition beside the list. */
const besideLimit = 1_000;

/** After so many rounds a page ends, however short; its cursor goes on. */
const maxRounds = 5;

/** Greater than every place: fifteen digits of milliseconds. */
const endOfTime = timeBound(999_999_999_999_999);

/**
 * The next places of a list after `cursor`: every partition is asked at once and the answers are merged. A partition
 * that has more than it answered hides what comes after its last answer, so the merge ends there.
 *
 * @param lookAt items of each partition
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

/** What the newest and the oldest entries of the partitions beside a list have for it. */
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
  // What moves from one partition to another at this moment is in both answers.
  const known = [...new Set(found)]
    .filter((place) => place !== cursor && (hiddenFrom === null || place >= hiddenFrom))
    .sort((a, b) => (a < b ? 1 : -1));
  const places = known.slice(0, limit);
  return { places, next: known.length > limit ? (places.at(-1) ?? null) : hiddenFrom };
}

/**
 * How many items to look at in each partition. Where nothing is filtered, so many that nearly always none has to be asked
 * twice, for a list is spread over them evenly: their part, three times its spread, and some more.
 *
 * @param sparse rounds that brought less than was asked for
 */
function lookedAt({ partitions, filter }: Listing, limit: number, sparse: number): number {
  if (filter !== undefined) return filteredLimits[sparse] ?? filteredLimits[2];
  const part = limit / partitions.length;
  return Math.min(limit + 1, Math.ceil(part + 3 * Math.sqrt(part) + 4));
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
