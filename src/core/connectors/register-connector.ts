import { messageOf } from '../errors.ts';
import type { Engine, OpenConnector } from '../ports/engine.ts';
import type { Connector } from './connector.ts';
import { connectorUrl } from './connector-path.ts';
import type { ConnectorTypes } from './connector-type.ts';
import type { Registered, Registration } from './registration.ts';

/** How long a provider may take, in ms. */
const longestMs = 20_000;

/** What is set up at a provider for connectors of this type and mode; `undefined` where nothing is. */
export function registrationOf(
  types: ConnectorTypes,
  { type, mode }: Pick<Connector, 'type' | 'mode'>,
): Registration | undefined {
  return types.get(type)?.modes[mode]?.registration;
}

/** Sets up at the provider what a connector needs there; a connector that needs nothing is done. */
export function registerConnector(
  engine: Engine,
  opened: OpenConnector,
  signal?: AbortSignal,
): Promise<Registered> {
  return atProvider(engine, opened, 'register', signal);
}

/** Removes what was set up at the provider for a connector, as it was. */
export function unregisterConnector(engine: Engine, opened: OpenConnector): Promise<Registered> {
  return atProvider(engine, opened, 'unregister');
}

async function atProvider(
  engine: Engine,
  opened: OpenConnector,
  step: 'register' | 'unregister',
  signal?: AbortSignal,
): Promise<Registered> {
  const { types, settings } = engine;
  const registration = registrationOf(types, opened.connector);
  if (registration === undefined) return { outcome: 'done' };
  const { baseUrl, allowPrivateTargets } = settings;
  const url = baseUrl === '' ? null : connectorUrl(types, opened.connector, baseUrl);
  if (url === null) return { outcome: 'failed', error: withoutUrl };
  const timeout = AbortSignal.timeout(longestMs);
  const stop = signal === undefined ? timeout : AbortSignal.any([timeout, signal]);
  try {
    return await registration[step]({ ...opened, url, allowPrivateTargets, signal: stop });
  } catch (thrown) {
    engine.log.error(`connector.not-${step}ed`, {
      connector_id: opened.connector.id,
      reason: messageOf(thrown),
    });
    return {
      outcome: 'failed',
      error: "The provider could not be told. Check the connector's configuration.",
    };
  }
}

const withoutUrl =
  'The product does not know the address at which the provider can reach it: set BASE_URL, or baseUrl in a deployment.';

/** A connector as it was before a change, where something was set up for it; `null` otherwise. */
export async function openRegistered(engine: Engine, connectorId: string): Promise<OpenConnector | null> {
  const connector = await engine.connectors.get(connectorId);
  if (connector === null || registrationOf(engine.types, connector) === undefined) return null;
  return { connector, secrets: await engine.secrets.get(connectorId) };
}

/** Removes the registration of the account that a connector had before a change, if it has another one now. */
export async function unregisterFormer(engine: Engine, before: OpenConnector): Promise<void> {
  const { connector, secrets } = before;
  const now = await openRegistered(engine, connector.id);
  const registration = registrationOf(engine.types, connector);
  if (now === null || registration === undefined) return;
  const former = registration.account(connector, secrets);
  if (former === registration.account(now.connector, now.secrets)) return;
  const removed = await unregisterConnector(engine, before);
  if (removed.outcome === 'done') return;
  engine.log.warn('connector.not-unregistered', { connector_id: connector.id, reason: removed.error });
}
