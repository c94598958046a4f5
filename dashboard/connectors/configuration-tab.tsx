import type { WireConnector } from '../../src/api/contract/connector.ts';
import type { WireModeDescription } from '../../src/api/contract/connector-type.ts';
import { useConnectorTypes } from '../api/marketplace.ts';
import { OperatorsOnly } from '../session/operators-only.tsx';
import { CallIt } from './call-it.tsx';
import { Credentials } from './credentials.tsx';
import { EditConfiguration } from './edit-configuration.tsx';
import { Source } from './source.tsx';
import { TestTarget } from './test-target.tsx';
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
      {connector.url !== null && <CallIt connector={connector} secret={secret} />}
      {connector.mode === 'inbound' && connector.url === null && <Source connectorId={connector.id} />}
      {connector.mode === 'outbound' && (
        <OperatorsOnly>
          <TestTarget connectorId={connector.id} />
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
