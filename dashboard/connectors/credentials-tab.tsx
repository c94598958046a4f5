import type { WireConnector } from '../../src/api/contract/connector.ts';
import type { WireModeDescription } from '../../src/api/contract/connector-type.ts';
import { Credentials } from './credentials.tsx';
import { SetUp } from './set-up.tsx';
import type { ShownSecret } from './use-secret.ts';

/** A connector, the description of its mode, and its secret if shown. */
export interface ConnectorOfMode {
  readonly connector: WireConnector;
  readonly mode: WireModeDescription;
  readonly secret: ShownSecret;
}

/** The connector's URL and credentials, and setup instructions for the provider. */
export function CredentialsTab({ connector, mode, secret }: ConnectorOfMode) {
  const fillings = { url: connector.url, secret: secret.text };
  return (
    <>
      <Credentials connector={connector} mode={mode} secret={secret} />
      {mode.instructions !== null && <SetUp instructions={mode.instructions} fillings={fillings} isCreated />}
    </>
  );
}
