import { messageOf } from '../errors.ts';
import type { Engine, OpenConnector } from '../ports/engine.ts';
import type { Connector } from './connector.ts';
import { connectorUrl } from './connector-path.ts';
import type { ConnectorTypes } from './connector-type.ts';
import type { Registered, Registration } from './registration.ts';

/** Timeout for a provider, in ms. */
const longestMs = 20_000;

/** What is set up at a provider for connectors of this type and mode; `undefined` if nothing is. */
export function registrationOf(
  types: ConnectorTypes,
  { type, mode }: Pick<Connector, 'type' | 'mode'>,
): Registration | undefined {
  return types.get(type)?.modes[mode]?.registration;
}

/** Sets up what a connector needs at the provider; succeeds if it needs nothing. */
export function registerConnector(
  engine: Engine,
  opened: OpenConnector,
  signal?: AbortSignal,
): Promise<Registered> {
  return atProvider(engine, opened, 'register', signal);
}

/** Removes what was set up at the provider for this state of a connector. */
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
      error: "The provider could not be called. Check the connector's configuration.",
    };
  }
}

const withoutUrl =
  'The provider needs an address at which it can reach this system: set BASE_URL (in a deployment, baseUrl).';

/** A connector with its secrets, if its type sets something up at a provider; otherwise `null`. */
export async function openRegistered(engine: Engine, connectorId: string): Promise<OpenConnector | null> {
  const connector = await engine.connectors.get(connectorId);
  if (connector === null || registrationOf(engine.types, connector) === undefined) return null;
  return { connector, secrets: await engine.secrets.get(connectorId) };
}

/**
 * Call after a registration: removes it if the connector was deleted meanwhile.
 * @returns whether the connector was deleted
 */
export async function unregisterDeleted(engine: Engine, opened: OpenConnector): Promise<boolean> {
  if ((await engine.connectors.get(opened.connector.id)) !== null) return false;
  await removeRegistration(engine, opened);
  return true;
}

/** Removes the registration of a connector's former account if a change gave it another one. */
export async function unregisterFormer(engine: Engine, before: OpenConnector): Promise<void> {
  const { connector, secrets } = before;
  const now = await openRegistered(engine, connector.id);
  const registration = registrationOf(engine.types, connector);
  if (now === null || registration === undefined) return;
  const former = registration.account(connector, secrets);
  if (former === registration.account(now.connector, now.secrets)) return;
  await removeRegistration(engine, before);
}

/** Logs a failure: nobody waits for the outcome. */
async function removeRegistration(engine: Engine, opened: OpenConnector): Promise<void> {
  const removed = await unregisterConnector(engine, opened);
  if (removed.outcome === 'done') return;
  const { id } = opened.connector;
  engine.log.warn('connector.not-unregistered', { connector_id: id, reason: removed.error });
}
