import { type Mode, modes } from '../../core/connectors/connector.ts';
import { configSchema, secretFieldNames } from '../../core/connectors/connector-config.ts';
import type { AnyConnectorType, ModeDescription } from '../../core/connectors/connector-type.ts';
import { testsOf } from '../../core/connectors/test-connector.ts';
import { draftTestOf } from '../../core/connectors/test-draft.ts';
import type { WireConnectorType, WireModeDescription } from '../contract/connector-type.ts';

/** How a connector type describes itself, with the JSON Schemas of its configurations. */
export function connectorTypeToWire(type: AnyConnectorType): WireConnectorType {
  return {
    name: type.name,
    title: type.title,
    summary: type.summary,
    category: type.category,
    icon: type.icon,
    connection_type: type.connection?.name ?? null,
    modes: modes.flatMap((mode) => {
      const description = type.modes[mode];
      return description === undefined ? [] : [modeToWire(type, mode, description)];
    }),
  };
}

function modeToWire(type: AnyConnectorType, mode: Mode, description: ModeDescription): WireModeDescription {
  return {
    mode,
    summary: description.summary,
    config_schema: configSchema(description),
    secret_fields: [...secretFieldNames(description)],
    has_secret: description.makeSecret !== undefined,
    has_url: description.ways.request !== undefined || description.ways.socket !== undefined,
    draft_test: draftTestOf(type, mode),
    tests: [...testsOf(type, mode)],
    instructions: description.instructions ?? null,
    samples: description.samples.map(({ title, config }) => ({ title, config })),
  };
}
