import * as z from 'zod';
import { eventually } from '../scenarios/eventually.ts';
import type { Operator } from '../scenarios/operator.ts';
import * as wire from '../scenarios/wire.ts';

const created = z.looseObject({ id: z.uuid() });

export const sourceState = z.looseObject({
  status: z.string(),
  connected: z.boolean(),
  lag: z.int().nullable(),
  last_error: z.object({ at: z.iso.datetime(), message: z.string() }).nullable(),
  positions: z.array(z.looseObject({ stream: z.string(), next: z.int().nullable(), end: z.int() })),
});
export type SourceState = z.infer<typeof sourceState>;

export interface KafkaDraft {
  readonly mode: 'inbound' | 'outbound';
  readonly agents: readonly string[];
  readonly config: Readonly<Record<string, unknown>>;
}

/** Makes a connector of the type `kafka`. @throws with the answer where it is refused */
export async function createKafka(operator: Operator, draft: KafkaDraft): Promise<string> {
  const answer = await operator.call('POST', '/connectors', {
    name: `kafka ${crypto.randomUUID()}`,
    type: 'kafka',
    ...draft,
  });
  if (answer.status !== 201) throw new Error(`Answered ${answer.status}: ${answer.text}`);
  return created.parse(answer.json).id;
}

export async function stateOf(operator: Operator, connectorId: string): Promise<SourceState> {
  return sourceState.parse((await operator.call('GET', `/connectors/${connectorId}/state`)).json);
}

/** The state once it fulfils `holds`. */
export function stateWhen(operator: Operator, connectorId: string, holds: (state: SourceState) => boolean) {
  return eventually(`the state of ${connectorId}`, async () => {
    const state = await stateOf(operator, connectorId);
    return holds(state) && state;
  });
}

/** All runs of a connector, once there are that many and all have ended. */
export function endedRuns(operator: Operator, connectorId: string, count: number) {
  return eventually(`${count} ended runs of ${connectorId}`, async () => {
    const runs = await operator.all(wire.runSummary, `/runs?connector=${connectorId}`);
    if (runs.length > count) throw new Error(`${runs.length} runs in place of ${count}.`);
    return runs.length === count && runs.every(({ ended_at }) => ended_at !== null) && runs;
  });
}
