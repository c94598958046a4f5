import type { JsonObject } from '../json/json-value.ts';
import { recordAction } from '../operators/record-action.ts';
import type { Engine } from '../ports/engine.ts';
import { type Refusal, refuse, refuseInvalid } from '../refusal.ts';
import type { Mode } from './connector.ts';
import { type FoundMode, findMode, verifyProblems } from './connector-config.ts';
import type { AnyConnectorType, Probed } from './connector-type.ts';
import { makeConnector, type ParsedDraft, parseDraft } from './create-connector.ts';
import { sendSample } from './send-sample.ts';
import { type Tested, testsOf } from './test-connector.ts';
import type { TestKind } from './test-kinds.ts';

/** A connector that could be created: its configuration as entered, secrets included. */
export interface TestedDraft {
  readonly type: string;
  readonly mode: Mode;
  readonly config: JsonObject;
  /** Name of the connection that gives the rest of the configuration; absent or `null` for none. */
  readonly connection?: string | null;
}

export type DraftTestOutcome =
  | ({ readonly outcome: 'tested' } & Tested)
  | Refusal<'invalid-request' | 'nothing-to-test'>;

/** The test for drafts of the mode; `null` if there is nothing to test. */
export function draftTestOf(type: AnyConnectorType, mode: Mode): TestKind | null {
  return testsOf(type, mode)[0] ?? null;
}

/**
 * Tests a configuration before a connector is created: only connects, if the type can, otherwise sends one sample
 * result. Stores nothing but an entry in the audit log.
 *
 * @param signal aborts when the caller has disconnected
 * @throws RetryableError when the store is unavailable
 */
export async function testDraft(
  engine: Engine,
  actor: string,
  draft: TestedDraft,
  signal: AbortSignal,
): Promise<DraftTestOutcome> {
  const found = findMode(engine.types, draft.type, draft.mode);
  if (found.outcome === 'unknown') return refuseInvalid([found.problem]);
  const parsed = await parseDraft(engine, found, draft);
  if (parsed.outcome === 'invalid') return refuseInvalid(parsed.problems);
  const others = await verifyProblems(found.mode, parsed.config);
  if (others.length > 0) return refuseInvalid(others);
  if (draftTestOf(found.type, draft.mode) === null) return nothingToTest(draft);
  const tested =
    found.mode.probe === undefined
      ? await trySample(engine, found, draft, parsed, signal)
      : await timed(
          engine,
          found.mode.probe(parsed.config, { ...engine.settings, secrets: parsed.secrets, signal }),
        );
  const { outcome } = tested.tested === 'connection' ? tested.probed : tested.sent;
  const detail = `Tested before creation. Outcome: ${outcome}.`;
  await recordAction(engine, actor, 'connector.tested', `${draft.type} ${draft.mode}`, detail);
  return { outcome: 'tested', ...tested };
}

async function timed(engine: Engine, probing: Promise<Probed>): Promise<Tested> {
  const startedAt = engine.clock();
  const probed = await probing;
  return { tested: 'connection', probed, durationMs: engine.clock() - startedAt };
}

async function trySample(
  engine: Engine,
  { type, mode }: Extract<FoundMode, { outcome: 'found' }>,
  draft: TestedDraft,
  parsed: ParsedDraft,
  signal: AbortSignal,
): Promise<Tested> {
  const secret = mode.makeSecret?.(engine.entropy) ?? null;
  const named = { ...draft, name: 'test', agents: [] };
  const connector = makeConnector(engine, named, parsed, secret);
  const kept = { current: secret, previous: null, config: parsed.secrets };
  const sample = await sendSample(engine, type, connector, kept, signal);
  return { tested: 'delivery', ...sample };
}

function nothingToTest({ type, mode }: TestedDraft): Refusal<'nothing-to-test'> {
  return refuse(
    'nothing-to-test',
    `A connector of type "${type}" and mode ${mode} cannot be tested before it is created.`,
  );
}
