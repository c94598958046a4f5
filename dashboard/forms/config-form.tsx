import type { ConfigProblems } from './check-config.ts';
import type { Field, Json } from './field.ts';
import { FieldInput } from './field-input.tsx';

export interface ConfigFormProps {
  readonly fields: readonly Field[];
  readonly config: Json;
  readonly problems: ConfigProblems;
  readonly onChange: (config: Json) => void;
  /** Dot path of the configuration that these are the fields of. */
  readonly path?: string;
}

/** The fields of a configuration, whatever its type: all that it knows is the type's schema. */
export function ConfigForm({ fields, config, problems, onChange, path = '' }: ConfigFormProps) {
  return fields.map((field) => (
    <FieldInput
      key={field.name}
      field={field}
      value={config[field.name]}
      path={path + field.name}
      problems={problems}
      onChange={(value) => onChange(withField(config, field.name, value))}
    />
  ));
}

function withField(config: Json, name: string, value: Json[string] | undefined): Json {
  const { [name]: _before, ...others } = config;
  return value === undefined ? others : { ...others, [name]: value };
}
