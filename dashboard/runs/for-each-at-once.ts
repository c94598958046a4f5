/** Concurrent requests: fast enough for a hundred items, but gentle to the server. */
const atOnce = 8;

export interface Outcomes {
  readonly succeeded: number;
  readonly failures: readonly Error[];
}

/** Applies `act` to each item, a few at a time; a failure does not stop the others. */
export async function forEachAtOnce<Item>(
  items: readonly Item[],
  act: (item: Item) => Promise<unknown>,
): Promise<Outcomes> {
  const waiting = [...items];
  const failures: Error[] = [];
  const work = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      await act(item).catch((thrown: Error) => failures.push(thrown));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return { succeeded: items.length - failures.length, failures };
}
