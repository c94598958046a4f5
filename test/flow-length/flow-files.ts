import * as z from 'zod';

/** The files of the product that a flow passes: those in which a function has run because of it. */
export interface FlowFiles {
  /** A request to a webhook, until a run's result has arrived at its receiver and is recorded. */
  readonly delivered: readonly string[];
  /** A click on *Create connector* in the dashboard, until the connector is stored. */
  readonly created: readonly string[];
}

/** What the API tells of a connector that it has created, as far as the flows need it. */
export const createdConnector = z.object({ id: z.string(), url: z.string().nullable(), secret: z.string() });

/** A flow is measured so often: what a timer or a busy machine adds does not come each time. */
export const rounds = 3;

/**
 * The files with functions that run in each of several measurements.
 *
 * @param measure returns functions as `file#offset`
 * @param anyway functions that timers call
 */
export async function filesInEach(
  times: number,
  measure: () => Promise<readonly string[]>,
  anyway: readonly string[] = [],
): Promise<string[]> {
  let inEach = await measure();
  for (let round = 1; round < times; round++) {
    const run = new Set(await measure());
    inEach = inEach.filter((name) => run.has(name));
  }
  const functions = inEach.filter((name) => !anyway.includes(name));
  return [...new Set(functions.map((name) => name.replace(/#.*/, '')))].sort();
}
