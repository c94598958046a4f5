import { isSocketUrl, type WireConnector, type WireSampleRequest } from '../../src/api/contract/connector.ts';
import { CodeBlock } from '../parts/code-block.tsx';
import { OperatorsOnly } from '../session/operators-only.tsx';
import { CallFromPage } from './call-from-page.tsx';
import classes from './call-it.module.css';
import { carriesSecret, curlCommand, sendCommand, withSecret } from './curl-command.ts';
import type { ShownSecret } from './use-secret.ts';

export interface CallItProps {
  readonly connector: WireConnector;
  readonly secret: ShownSecret;
}

/** A command that calls the connector, and a form that does the same from the page. */
export function CallIt({ connector, secret }: CallItProps) {
  const sample = connector.sample_request;
  const isSocket = sample !== null && isSocketUrl(sample.url);
  const command =
    sample && (isSocket ? sendCommand(connector.name, connector.sample_payload) : curlOf(sample, secret));
  return (
    <section className={classes.section} aria-label="Try it">
      <h2 className={classes.heading}>Try it</h2>
      {sample === null || command === null ? (
        <p className={classes.note}>
          The sender signs every request. Send one from there; its run appears under Logs.
        </p>
      ) : (
        <>
          <CodeBlock text={command} what="the command" />
          {secret.text === null && carriesSecret(sample) && !isSocket && (
            <p className={classes.note}>
              Show the secret above to include it in the command, or set <code>SECRET</code> in your shell.
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
