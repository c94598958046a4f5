import { OperatorsOnly } from '../session/operators-only.tsx';
import { CallIt } from './call-it.tsx';
import type { ConnectorOfMode } from './credentials-tab.tsx';
import { TestConnector } from './test-connector.tsx';

/** Whether there is a way to try the connector out. */
export function isTestable({ connector, mode }: ConnectorOfMode): boolean {
  return connector.url !== null || mode.tests.length > 0;
}

/** A command that calls the connector and the same from here, and the tests that its type has. */
export function TestTab({ connector, mode, secret }: ConnectorOfMode) {
  return (
    <>
      {connector.url !== null && <CallIt connector={connector} secret={secret} />}
      <OperatorsOnly otherwise={connector.url === null && <p>Only operators can test a connector.</p>}>
        {mode.tests.map((kind) => (
          <TestConnector key={kind} connectorId={connector.id} kind={kind} />
        ))}
      </OperatorsOnly>
    </>
  );
}
