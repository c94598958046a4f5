import { hurryWaiting } from '../deliveries/hurry-waiting.ts';
import { recordAction } from '../operators/record-action.ts';
import type { Engine } from '../ports/engine.ts';
import { connectorNotFound, type Refusal, refuse } from '../refusal.ts';
import { type SentSample, sendSample } from './send-sample.ts';

export type TestOutcome =
  | ({ readonly outcome: 'tested' } & SentSample)
  | Refusal<'connector-not-found' | 'not-outbound'>;

/**
 * Sends one made-up result to an outbound connector's target, so that an operator sees whether the target takes it.
 * Nothing of it is stored but the audit log's entry, and it is not tried again. Where the target takes it after an outage,
 * what waits for the connector follows at once.
 *
 * @param signal aborts when the caller has disconnected
 * @throws RetryableError when the store is away
 */
export async function testConnector(
  engine: Engine,
  actor: string,
  connectorId: string,
  signal: AbortSignal,
): Promise<TestOutcome> {
  const connector = await engine.connectors.get(connectorId);
  if (connector === null) return connectorNotFound(connectorId);
  const type = engine.types.get(connector.type);
  if (connector.mode !== 'outbound' || type?.prepare === undefined || type.send === undefined) {
    return refuse(
      'not-outbound',
      `The connector "${connectorId}" sends nothing, so there is no target to test.`,
    );
  }
  const secrets = await engine.secrets.get(connectorId);
  const sample = await sendSample(engine, type, connector, secrets, signal);
  await recordAction(engine, actor, 'connector.tested', connectorId, `Outcome: ${sample.sent.outcome}.`);
  if (sample.sent.outcome === 'delivered') await hurryWaiting(engine, connector);
  return { outcome: 'tested', ...sample };
}
