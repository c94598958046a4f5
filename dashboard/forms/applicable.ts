import type { WireDeliveryMode } from '../../src/api/contract/connector.ts';
import { type Field, isObject, type Json, type JsonValue } from './field.ts';

/** The fields that apply to a configuration. Other fields depend on choices that were not made. */
export function applicableFields(fields: readonly Field[], config: Json): Field[] {
  return fields.filter(({ conditions }) =>
    conditions.every(({ path, values }) => values.includes(valueAt(fields, config, path))),
  );
}

/** The fields that have an effect on what an outbound connector delivers; `null` for other connectors. */
export function fieldsOfDelivery(fields: readonly Field[], delivery: WireDeliveryMode | null): Field[] {
  const isByChoice = delivery === 'tool' || delivery === 'code';
  return fields.filter(({ isOfResults }) => !(isByChoice && isOfResults));
}

/** A configuration without the values of fields that no longer apply. */
export function applicableConfig(fields: readonly Field[], config: Json): Json {
  const names = applicableFields(fields, config).map(({ name }) => name);
  return Object.fromEntries(Object.entries(config).filter(([name]) => names.includes(name)));
}

/** The value of a field or its default; `null` if it has neither. */
function valueAt(fields: readonly Field[], config: Json, path: string): JsonValue {
  const [name = '', ...inner] = path.split('.');
  const value = config[name] ?? fields.find((field) => field.name === name)?.defaultValue;
  return (
    inner.reduce<JsonValue | undefined>((outer, key) => (isObject(outer) ? outer[key] : undefined), value) ??
    null
  );
}
