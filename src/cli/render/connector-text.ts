import type { CreatedConnector, WireConnector } from '../../api/contract/index.ts';
import type { Colours } from '../output.ts';
import { printable } from '../printable.ts';
import { facts, table } from '../table.ts';
import { localTime } from '../time-text.ts';
import { curlCommand, shellWord } from './curl-command.ts';

/** Connectors as a table; a hint where there is none. */
export function connectorTable(connectors: readonly WireConnector[], paint: Colours): string {
  if (connectors.length === 0) {
    return 'No connectors yet. Create one: npx connectors create sync --agent <agent>';
  }
  return table(
    ['NAME', 'TYPE', 'MODE', 'AGENTS', 'STATE', 'ID'],
    connectors.map((connector) => [
      printable(connector.name),
      connector.type,
      connector.mode,
      connector.agents.join(', ') || paint.yellow('none'),
      stateOf(connector, paint),
      connector.id,
    ]),
    paint,
  );
}

/** Everything of one connector but its secret. */
export function connectorFacts(connector: WireConnector, paint: Colours): string {
  return facts(
    [
      ['name', paint.bold(printable(connector.name))],
      ['id', connector.id],
      ['type', `${connector.type}, ${connector.mode}`],
      ['state', stateOf(connector, paint)],
      ['failing since', connector.failing_since && localTime(connector.failing_since)],
      ['url', connector.url],
      [
        connector.endpoint?.title.toLowerCase() ?? 'endpoint',
        connector.endpoint && printable(connector.endpoint.text),
      ],
      ['agents', connector.agents.join(', ') || paint.yellow('none')],
      ['config', printable(JSON.stringify(connector.config, null, 2))],
      ['secret fields', connector.secret_fields.join(', ') || null],
      ['created', localTime(connector.created_at)],
    ],
    paint,
  );
}

/** A connector that has just been made, with its secret and a first request to try. */
export function createdConnectorText(connector: CreatedConnector, paint: Colours): string {
  const shown = facts(
    [
      ['name', paint.bold(printable(connector.name))],
      ['id', connector.id],
      ['agents', connector.agents.join(', ') || paint.yellow('none')],
      ['url', connector.url],
      ['secret', connector.secret],
    ],
    paint,
  );
  const request = firstRequest(connector);
  return request === null ? shown : `${shown}\n\nTry it:\n${request}`;
}

/** A `curl` where the same request can be sent again and again; senders that sign have `send`. */
function firstRequest({ url, secret, name, sample_request: sample }: CreatedConnector): string | null {
  if (url === null || secret === null) return null;
  return sample === null
    ? `npx connectors send ${shellWord(printable(name))} Hello`
    : curlCommand(sample, secret);
}

function stateOf(connector: WireConnector, paint: Colours): string {
  if (connector.disabled_reason !== null)
    return paint.red(`disabled: ${printable(connector.disabled_reason)}`);
  if (!connector.enabled) return paint.yellow('disabled');
  return connector.failing_since === null ? paint.green('enabled') : paint.yellow('enabled, failing');
}
