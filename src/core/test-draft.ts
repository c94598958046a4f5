import type { Mode } from './connector.ts';
import { parseConfig } from './connector-config.ts';
import type { AnyConnectorType, Probed } from './connector-type.ts';
import { makeConnector } from './create-connector.ts';
import { findMode } from './find-mode.ts';
import type { JsonObject } from './json-value.ts';
import type { Engine } from './ports/engine.ts';
import { recordAction } from './record-action.ts';
import { type Refusal, refuse, refuseInvalid } from './refusal.ts';
import { type SentSample, sendSample } from './send-sample.ts';

/** What would be created: a configuration as it is typed, secrets included. */
export interface TestedDraft {
  readonly type: string;
  readonly mode: Mode;
  readonly config: JsonObject;
}

export type DraftTestOutcome =
  | {
      readonly outcome: 'tested';
      readonly tested: 'connection';
      readonly probed: Probed;
      readonly durationMs: number;
    }
  | ({ readonly outcome: 'tested'; readonly tested: 'delivery' } & SentSample)
  | Refusal<'invalid-request' | 'nothing-to-test'>;

/** Whether there is something to try out before a connector of the mode is made. */
export function canBeTested(type: AnyConnectorType, mode: Mode): boolean {
  return type.probe !== undefined || (mode === 'outbound' && type.send !== undefined);
}

/**
 * Tries a configuration out before anything is made of it: connects, where the type can do just that, else sends one
 * made-up result. Nothing is stored but the audit log's entry.
 *
 * @param signal aborts when whoever asked has gone
 * @throws RetryableError when the store is away
 */
export async function testDraft(
  engine: Engine,
  actor: string,
  draft: TestedDraft,
  signal: AbortSignal,
): Promise<DraftTestOutcome> {
  const found = findMode(engine.types, draft.type, draft.mode);
  if (found.outcome === 'unknown') return refuseInvalid([found.problem]);
  const { type, mode } = found;
  const parsed = parseConfig(mode, draft.config);
  if (parsed.outcome === 'invalid') return refuseInvalid(parsed.problems);
  if (!canBeTested(type, draft.mode)) {
    const detail = `There is nothing to test before a connector of type "${type.name}" and mode ${draft.mode} is made.`;
    return refuse('nothing-to-test', detail);
  }
  const { config, secrets } = parsed;
  const record = (outcome: string) =>
    recordAction(
      engine,
      actor,
      'connector.tested',
      `${draft.type} ${draft.mode}`,
      `Before its creation. Outcome: ${outcome}.`,
    );
  if (type.probe !== undefined) {
    const startedAt = engine.clock();
    const probed = await type.probe(config, { secrets, signal });
    const durationMs = engine.clock() - startedAt;
    await record(probed.outcome);
    return { outcome: 'tested', tested: 'connection', probed, durationMs };
  }
  const secret = mode.makeSecret?.(engine.entropy) ?? null;
  const named = { ...draft, name: 'test', agents: [] };
  const connector = makeConnector(engine, named, config, Object.keys(secrets), secret);
  const kept = { current: secret, previous: null, config: secrets };
  const sample = await sendSample(engine, type, connector, kept, signal);
  await record(sample.sent.outcome);
  return { outcome: 'tested', tested: 'delivery', ...sample };
}
