import type { WireConnector } from '../../src/api/contract/connector.ts';
import type { WireModeDescription } from '../../src/api/contract/connector-type.ts';
import { useConnectorTypes } from '../api/marketplace.ts';
import { OperatorsOnly } from '../session/operators-only.tsx';
import classes from './call-it.module.css';
import { CallIt } from './call-it.tsx';
import { Credentials } from './credentials.tsx';
import { EditConfiguration } from './edit-configuration.tsx';
import { SetUp } from './set-up.tsx';
import { Source } from './source.tsx';
import { TestConnector } from './test-connector.tsx';
import { useSecret } from './use-secret.ts';

/** Where the connector is called and with what, a command to try it, and its settings. */
export function ConfigurationTab({ connector }: { connector: WireConnector }) {
  const types = useConnectorTypes();
  const secret = useSecret(connector.id);
  const mode = types.data
    ?.find(({ name }) => name === connector.type)
    ?.modes.find(({ mode }) => mode === connector.mode);
  if (mode === undefined) return null;
  return (
    <>
      <Credentials connector={connector} mode={mode} secret={secret} />
      {mode.instructions !== null && (
        <SetUp
          instructions={mode.instructions}
          fillings={{ url: connector.url, secret: secret.text }}
          isCreated
        />
      )}
      {connector.url !== null && <CallIt connector={connector} secret={secret} />}
      {connector.mode === 'inbound' && connector.url === null && <Source connectorId={connector.id} />}
      {mode.tests.length > 0 && (
        <OperatorsOnly>
          <section className={classes.section} aria-label="Try it">
            <h2 className={classes.heading}>Try it</h2>
            {mode.tests.map((kind) => (
              <TestConnector key={kind} connectorId={connector.id} kind={kind} />
            ))}
          </section>
        </OperatorsOnly>
      )}
      <EditConfiguration
        key={connector.updated_at}
        connector={connector}
        mode={mode satisfies WireModeDescription}
      />
    </>
  );
}
