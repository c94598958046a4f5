import { Textarea } from '@mantine/core';
import { useState } from 'react';
import type { FieldOf } from './field.ts';
import type { FieldInputProps } from './field-input-props.ts';

/** Edits settings as JSON that have no other input. */
export function JsonInput({ field, value, path, problems, onChange }: FieldInputProps<FieldOf<'json'>>) {
  const [text, setText] = useState(() => JSON.stringify(value ?? field.defaultValue ?? null, null, 2));
  const [isBroken, setBroken] = useState(false);
  const change = (next: string) => {
    setText(next);
    try {
      onChange(JSON.parse(next));
      setBroken(false);
    } catch {
      setBroken(true);
    }
  };
  return (
    <Textarea
      label={field.title}
      description={field.description}
      error={isBroken ? 'Invalid JSON.' : problems[path]}
      value={text}
      onChange={(event) => change(event.currentTarget.value)}
      autosize
      minRows={3}
      spellCheck={false}
      mb="md"
    />
  );
}
