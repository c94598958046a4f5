import type { WireSampleRequest } from '../../src/api/contract/connector.ts';
import { isSocketUrl } from '../../src/api/contract/instructions.ts';
import { CodeBlock } from '../parts/code-block.tsx';
import { OperatorsOnly } from '../session/operators-only.tsx';
import { CallFromPage } from './call-from-page.tsx';
import classes from './call-it.module.css';
import type { ConnectorOfMode } from './credentials-tab.tsx';
import { carriesSecret, curlCommand, sendCommand, withSecret } from './curl-command.ts';
import type { ShownSecret } from './use-secret.ts';

/** A command that calls the connector, and a form that does the same from the page. */
export function CallIt({ connector, mode, secret }: ConnectorOfMode) {
  const sample = connector.sample_request;
  const isSocket = sample !== null && isSocketUrl(sample.url);
  const send = sendCommand(connector.name, connector.sample_payload);
  const command = sample && (isSocket ? send : curlOf(sample, secret));
  return (
    <section className={classes.section} aria-label="Try it">
      <h2 className={classes.heading}>Try it</h2>
      {sample === null || command === null ? (
        <>
          {mode.has_secret && <CodeBlock text={send} what="the command" />}
          <p className={classes.note}>
            {mode.has_secret
              ? 'Each request needs a new signature or ID, which the command line creates.'
              : 'The sender signs every request. Send one from there; its run appears under Logs.'}
          </p>
        </>
      ) : (
        <>
          <CodeBlock text={command} what="the command" />
          {secret.text === null && carriesSecret(sample) && !isSocket && (
            <p className={classes.note}>
              Show the secret under <em>Credentials</em> to include it in the command, or set{' '}
              <code>SECRET</code> in your shell.
            </p>
          )}
          <OperatorsOnly>
            <CallFromPage connectorId={connector.id} sample={sample} secret={secret} />
          </OperatorsOnly>
        </>
      )}
    </section>
  );
}

function curlOf(sample: WireSampleRequest, { text }: ShownSecret): string {
  return curlCommand(text === null ? sample : withSecret(sample, text));
}
