/** Requests at the same time: quick for a hundred, gentle to the server. */
const atOnce = 8;

export interface Outcomes {
  readonly succeeded: number;
  readonly failures: readonly Error[];
}

/** Does something with each item, a few at the same time; one that fails stops no other. */
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
