import { OperatorsOnly } from '../session/operators-only.tsx';
import { CallIt } from './call-it.tsx';
import type { ConnectorOfMode } from './credentials-tab.tsx';
import { TestConnector } from './test-connector.tsx';

/** Whether the connector can be tested. */
export function isTestable({ connector, mode }: ConnectorOfMode): boolean {
  return connector.url !== null || mode.tests.length > 0;
}

/** A command that calls the connector, a form that does the same, and the tests of its type. */
export function TestTab({ connector, mode, secret }: ConnectorOfMode) {
  return (
    <>
      {connector.url !== null && <CallIt connector={connector} mode={mode} secret={secret} />}
      <OperatorsOnly otherwise={connector.url === null && <p>Only operators can test a connector.</p>}>
        {mode.tests.map((kind) => (
          <TestConnector key={kind} connectorId={connector.id} kind={kind} />
        ))}
      </OperatorsOnly>
    </>
  );
}
