import { Fieldset, Input, Select, Switch } from '@mantine/core';
import { type ComponentType, useId } from 'react';
import { type ConfigProblems, chosenVariant } from './check-config.ts';
import { type Field, type FieldOf, isObject, type Json } from './field.ts';
import type { FieldInputProps } from './field-input-props.ts';
import classes from './group-input.module.css';

type Container<Kind extends 'group' | 'variant'> = FieldInputProps<FieldOf<Kind>> & {
  /** Renders the fields inside. */
  readonly Form: ComponentType<{
    readonly fields: readonly Field[];
    readonly config: Json;
    readonly problems: ConfigProblems;
    readonly onChange: (config: Json) => void;
    readonly path: string;
  }>;
};

/** A group of related fields. A group that can be off has a switch. */
export function GroupInput({ field, value, path, problems, onChange, Form }: Container<'group'>) {
  const shown = value ?? field.defaultValue;
  const config = isObject(shown) ? shown : {};
  const isOn = !field.nullable || isObject(shown);
  const form = (
    <Form fields={field.fields} config={config} problems={problems} onChange={onChange} path={`${path}.`} />
  );
  if (!field.nullable) {
    return (
      <Fieldset legend={field.title} mb="md">
        <Input.Description mb="sm">{field.description}</Input.Description>
        {form}
      </Fieldset>
    );
  }
  return (
    <div className={classes.group}>
      <Switch
        label={field.title}
        description={field.description}
        checked={isOn}
        onChange={(event) => onChange(event.currentTarget.checked ? firstConfig(field.fields) : null)}
      />
      {problems[path] !== undefined && <Input.Error mt="xs">{problems[path]}</Input.Error>}
      {isOn && <div className={classes.fields}>{form}</div>}
    </div>
  );
}

/** One of several kinds of settings: the user chooses the kind, then fills in its fields. */
export function VariantInput({ field, value, path, problems, onChange, Form }: Container<'variant'>) {
  const id = useId();
  const shown = value ?? field.defaultValue;
  const chosen = chosenVariant(field, shown);
  const config = isObject(shown) ? shown : {};
  return (
    <div className={classes.group}>
      <Select
        id={id}
        label={field.title}
        description={field.description}
        error={problems[path]}
        data={field.variants.map((variant) => ({ value: variant.value, label: variant.title }))}
        value={chosen?.value ?? null}
        onChange={(next) => next !== null && onChange({ [field.tag]: next })}
        allowDeselect={false}
      />
      {chosen !== undefined && <Input.Description mt={4}>{chosen.description}</Input.Description>}
      {chosen !== undefined && chosen.fields.length > 0 && (
        <div className={classes.fields}>
          <Form
            fields={chosen.fields}
            config={config}
            problems={problems}
            onChange={onChange}
            path={`${path}.`}
          />
        </div>
      )}
    </div>
  );
}

/** The initial value of a group that is turned on. */
function firstConfig(fields: readonly Field[]): Json {
  const given = fields.filter(({ defaultValue }) => defaultValue !== undefined && defaultValue !== null);
  return Object.fromEntries(given.map(({ name, defaultValue }) => [name, defaultValue ?? null]));
}
