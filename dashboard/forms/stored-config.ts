import { applicableFields } from './applicable.ts';
import type { Field, Json } from './field.ts';

/** A configuration as the server returns it: without the values of secret fields. */
export interface StoredConfig {
  readonly config: Json;
  readonly secret_fields: readonly string[];
}

/**
 * What a form changes in a stored configuration. `null` resets what no longer applies. Unchanged fields are omitted:
 * somebody else may change them meanwhile.
 *
 * @param fields those of the form
 * @param applied the values that apply
 */
export function changedConfig(
  stored: StoredConfig,
  fields: readonly Field[],
  config: Json,
  applied: Json,
): Json {
  const applicable = new Set(applicableFields(fields, config).map(({ name }) => name));
  const kept = [...Object.keys(stored.config), ...stored.secret_fields];
  const unset = kept.filter((name) => !applicable.has(name)).map((name) => [name, null] as const);
  const wanted = { ...Object.fromEntries(unset), ...applied };
  return Object.fromEntries(
    Object.entries(wanted).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(stored.config[name]),
    ),
  );
}

/** The fields of a form for a stored configuration: stored secrets are optional, and it says how to keep them. */
export function keepingSecrets(fields: readonly Field[], { secret_fields: stored }: StoredConfig): Field[] {
  return fields.map((field) =>
    stored.includes(field.name)
      ? {
          ...field,
          required: false,
          description: `${field.description} Leave empty to keep the current value.`,
        }
      : field,
  );
}
