import type { WireConnector } from '../../src/api/contract/connector.ts';
import type { WireModeDescription } from '../../src/api/contract/connector-type.ts';
import { Credentials } from './credentials.tsx';
import { SetUp } from './set-up.tsx';
import type { ShownSecret } from './use-secret.ts';

/** A connector with what its type says of its mode, and its secret as far as it is shown. */
export interface ConnectorOfMode {
  readonly connector: WireConnector;
  readonly mode: WireModeDescription;
  readonly secret: ShownSecret;
}

/** Where the connector is called and with what, and what to do with it at the provider. */
export function CredentialsTab({ connector, mode, secret }: ConnectorOfMode) {
  const fillings = { url: connector.url, secret: secret.text };
  return (
    <>
      <Credentials connector={connector} mode={mode} secret={secret} />
      {mode.instructions !== null && <SetUp instructions={mode.instructions} fillings={fillings} isCreated />}
    </>
  );
}
