import { MultiSelect, PasswordInput, Select, Switch, TagsInput, Textarea, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { AmountInput } from './amount-input.tsx';
import { applicableFields } from './applicable.ts';
import type { ConfigProblems } from './check-config.ts';
import { ConnectorsInput } from './connectors-input.tsx';
import type { Field, Json, JsonValue } from './field.ts';
import type { FieldInputProps } from './field-input-props.ts';
import { GroupInput, VariantInput } from './group-input.tsx';
import { JsonInput } from './json-input.tsx';
import { MoreSettings } from './more-settings.tsx';
import { PairsInput } from './pairs-input.tsx';

export interface ConfigFormProps {
  readonly fields: readonly Field[];
  readonly config: Json;
  readonly problems: ConfigProblems;
  readonly onChange: (config: Json) => void;
  /** Dot path of the configuration that contains the fields, with a trailing dot. */
  readonly path?: string;
}

/**
 * The form for a configuration of any type, built from the type's schema. It omits fields that do not apply and
 * collapses advanced ones.
 */
export function ConfigForm({ fields, config, problems, onChange, path = '' }: ConfigFormProps) {
  const input = (field: Field) => (
    <FieldInput
      key={field.name}
      field={field}
      value={config[field.name]}
      path={path + field.name}
      problems={problems}
      onChange={(value) => onChange(withField(config, field.name, value))}
    />
  );
  const shown = applicableFields(fields, config);
  const advanced = shown.filter(({ isAdvanced }) => isAdvanced);
  const isWanted = advanced.some((field) => isSet(field, config) || hasProblem(problems, path + field.name));
  return (
    <>
      {shown.filter(({ isAdvanced }) => !isAdvanced).map(input)}
      {advanced.length > 0 && <MoreSettings isWanted={isWanted}>{advanced.map(input)}</MoreSettings>}
    </>
  );
}

function isSet({ name, defaultValue }: Field, config: Json): boolean {
  const value = config[name];
  return value !== undefined && JSON.stringify(value) !== JSON.stringify(defaultValue ?? null);
}

function hasProblem(problems: ConfigProblems, path: string): boolean {
  return Object.keys(problems).some((place) => place === path || place.startsWith(`${path}.`));
}

/** In characters. Texts that may be longer, such as prompts and certificates, get several lines. */
const longestLine = 5_000;

/** The input for a field's kind. */
function FieldInput(props: FieldInputProps): ReactNode {
  const { field, value, path, problems, onChange } = props;
  const shown = value ?? field.defaultValue;
  const texts = {
    label: field.title,
    description: field.description,
    error: problems[path],
    required: field.required,
    mb: 'md',
    'data-path': path,
  };
  switch (field.kind) {
    case 'text': {
      if (field.maxLength !== null && field.maxLength > longestLine && !field.secret) {
        return (
          <Textarea
            {...texts}
            value={typeof shown === 'string' ? shown : ''}
            onChange={(event) => onChange(event.currentTarget.value || emptyValue(field))}
            autosize
            minRows={3}
            maxRows={12}
          />
        );
      }
      const Input = field.secret ? PasswordInput : TextInput;
      return (
        <Input
          {...texts}
          value={typeof shown === 'string' ? shown : ''}
          onChange={(event) => onChange(event.currentTarget.value || emptyValue(field))}
          autoComplete="off"
          spellCheck={false}
        />
      );
    }
    case 'number':
      return <AmountInput {...texts} field={field} amount={shown} onAmount={onChange} />;
    case 'switch':
      return (
        <Switch
          {...texts}
          checked={shown === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case 'choice':
      return (
        <Select
          {...texts}
          data={field.choices.map(({ value: name, title }) => ({ value: name, label: title }))}
          value={typeof shown === 'string' ? shown : null}
          onChange={(chosen) => onChange(chosen ?? emptyValue(field))}
          allowDeselect={!field.required && field.defaultValue === undefined}
        />
      );
    case 'several':
      return (
        <MultiSelect
          {...texts}
          data={field.choices.map(({ value: name, title }) => ({ value: name, label: title }))}
          value={textsOf(shown)}
          onChange={onChange}
        />
      );
    case 'list':
      return field.reference === null ? (
        <TagsInput {...texts} value={textsOf(shown)} onChange={onChange} />
      ) : (
        <ConnectorsInput {...texts} value={textsOf(shown)} onChange={onChange} />
      );
    case 'pairs':
      return <PairsInput {...props} field={field} />;
    case 'group':
      return <GroupInput {...props} field={field} Form={ConfigForm} />;
    case 'variant':
      return <VariantInput {...props} field={field} Form={ConfigForm} />;
    case 'json':
      return <JsonInput {...props} field={field} />;
  }
}

/** The value of an emptied field: `null` (off) if allowed, otherwise absent. */
function emptyValue({ nullable }: Field): null | undefined {
  return nullable ? null : undefined;
}

function textsOf(value: JsonValue | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function withField(config: Json, name: string, value: JsonValue | undefined): Json {
  const { [name]: _before, ...others } = config;
  return value === undefined ? others : { ...others, [name]: value };
}
