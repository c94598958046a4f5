import type { WireConnectorType, WireModeDescription } from '../../api/contract/index.ts';
import type { Colours } from '../output.ts';
import { facts } from '../table.ts';
import { configFields } from './config-fields.ts';

/** Connector types with the configuration fields of each of their modes. */
export function typesText(types: readonly WireConnectorType[], paint: Colours): string {
  return types
    .map(({ name, summary, modes, connection_type: connection }) => {
      const described = modes.map((mode) => modeText(mode, paint));
      const shared = connection === null ? [] : [`Uses connections of type ${connection}.`];
      return [`${paint.bold(name)}  ${summary}`, ...shared, ...described].join('\n\n');
    })
    .join('\n\n\n');
}

function modeText({ mode, summary, config_schema: schema }: WireModeDescription, paint: Colours): string {
  const rows = configFields(schema);
  return `${paint.cyan(mode)}  ${summary}${rows.length === 0 ? '' : `\n${facts(rows, paint)}`}`;
}
