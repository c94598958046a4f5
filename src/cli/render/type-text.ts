import type { WireConnectorType, WireModeDescription } from '../../api/contract/index.ts';
import { isJsonObject, type JsonObject } from '../../core/json-value.ts';
import type { Colours } from '../output.ts';
import { facts } from '../table.ts';

/** Connector types with the configuration fields of each of their modes. */
export function typesText(types: readonly WireConnectorType[], paint: Colours): string {
  return types
    .map(({ name, summary, modes }) => {
      const described = modes.map((mode) => modeText(mode, paint));
      return [`${paint.bold(name)}  ${summary}`, ...described].join('\n\n');
    })
    .join('\n\n\n');
}

function modeText({ mode, summary, config_schema: schema }: WireModeDescription, paint: Colours): string {
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const fields = Object.entries(isJsonObject(schema['properties']) ? schema['properties'] : {});
  const rows = fields.map(([name, field]): [string, string] => [
    `  ${name}${required.includes(name) && !hasDefault(field) ? ' *' : ''}`,
    isJsonObject(field) ? fieldText(field) : '',
  ]);
  return `${paint.cyan(mode)}  ${summary}${rows.length === 0 ? '' : `\n${facts(rows, paint)}`}`;
}

function fieldText(field: JsonObject): string {
  const title = String(field['title'] ?? '');
  const description = field['description'] === undefined ? '' : `: ${field['description']}`;
  const preset = hasDefault(field) ? ` (default: ${JSON.stringify(field['default'])})` : '';
  return `${title}${description}${preset}`;
}

function hasDefault(field: unknown): boolean {
  return isJsonObject(field) && field['default'] !== undefined;
}
