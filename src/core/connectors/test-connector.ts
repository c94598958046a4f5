import { hurryWaiting } from '../deliveries/hurry-waiting.ts';
import { recordAction } from '../operators/record-action.ts';
import type { Engine } from '../ports/engine.ts';
import { connectorNotFound, type Refusal, refuse } from '../refusal.ts';
import type { Connector, Mode } from './connector.ts';
import type { AnyConnectorType, ModeDescription, Probed } from './connector-type.ts';
import { type SentSample, sendSample } from './send-sample.ts';
import { type TestKind, testKinds } from './test-kinds.ts';

export type TestOutcome =
  | ({ readonly outcome: 'tested' } & Tested)
  | Refusal<'connector-not-found' | 'not-outbound' | 'nothing-to-test'>;

/** The result of testing a connector or a draft of one. */
export type Tested =
  | ({ readonly tested: 'delivery' } & SentSample)
  | { readonly tested: 'connection'; readonly probed: Probed; readonly durationMs: number };

/**
 * Tests a connector as it is stored: sends one sample result to its target, or only connects. Stores nothing but an
 * entry in the audit log, and does not retry. If the target accepts the result after an outage, the connector's waiting
 * deliveries become due immediately.
 *
 * @param asked `null` for the test that shows most: a sample result, if the connector sends results
 * @param signal aborts when the caller has disconnected
 * @throws RetryableError when the store is unavailable
 */
export async function testConnector(
  engine: Engine,
  actor: string,
  connectorId: string,
  asked: TestKind | null,
  signal: AbortSignal,
): Promise<TestOutcome> {
  const connector = await engine.connectors.get(connectorId);
  if (connector === null) return connectorNotFound(connectorId);
  const test = testOf(engine, connector, asked);
  if (test === null) return untestable(connector, asked);
  const tested = await test(signal);
  const { outcome } = tested.tested === 'delivery' ? tested.sent : tested.probed;
  await recordAction(engine, actor, 'connector.tested', connectorId, `Outcome: ${outcome}.`);
  if (outcome === 'delivered') await hurryWaiting(engine, connector);
  return { outcome: 'tested', ...tested };
}

type Test = (signal: AbortSignal) => Promise<Tested>;

/** The requested test of a connector; `null` if there is none. */
function testOf(engine: Engine, connector: Connector, asked: TestKind | null): Test | null {
  const type = engine.types.get(connector.type);
  if (type === undefined) return null;
  if (asked !== 'connection' && sendsResults(type, connector.mode)) {
    return (signal) => deliver(engine, type, connector, signal);
  }
  const probe = asked === 'delivery' ? undefined : type.modes[connector.mode]?.probe;
  return probe === undefined ? null : (signal) => connect(engine, probe, connector, signal);
}

function untestable({ id }: Connector, asked: TestKind | null): TestOutcome {
  return asked === 'connection'
    ? refuse('nothing-to-test', `The connector "${id}" makes no connection that could be tested.`)
    : refuse('not-outbound', `The connector "${id}" sends nothing, so there is no target to test.`);
}

async function deliver(
  engine: Engine,
  type: AnyConnectorType,
  connector: Connector,
  signal: AbortSignal,
): Promise<Tested> {
  const secrets = await engine.secrets.get(connector.id);
  return { tested: 'delivery', ...(await sendSample(engine, type, connector, secrets, signal)) };
}

async function connect(
  engine: Engine,
  probe: NonNullable<ModeDescription['probe']>,
  { id, config }: Connector,
  signal: AbortSignal,
): Promise<Tested> {
  const { config: secrets } = await engine.secrets.get(id);
  const startedAt = engine.clock();
  const probed = await probe(config, { ...engine.settings, secrets, signal });
  return { tested: 'connection', probed, durationMs: engine.clock() - startedAt };
}

/** The tests for connectors of a mode, the one that changes less first. */
export function testsOf(type: AnyConnectorType, mode: Mode): readonly TestKind[] {
  return testKinds.filter((kind) =>
    kind === 'connection' ? type.modes[mode]?.probe !== undefined : sendsResults(type, mode),
  );
}

/** Whether connectors of a mode send results, real ones and samples. */
function sendsResults(type: AnyConnectorType, mode: Mode): boolean {
  return mode === 'outbound' && type.prepare !== undefined && type.send !== undefined;
}
