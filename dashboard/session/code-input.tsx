import { TextInput } from '@mantine/core';

export interface CodeInputProps {
  readonly value: string;
  readonly onChange: (code: string) => void;
}

/** Asks for a code of digits that somebody has elsewhere. */
export function CodeInput({ value, onChange }: CodeInputProps) {
  return (
    <TextInput
      label="Code"
      name="code"
      autoComplete="one-time-code"
      inputMode="numeric"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value.trim())}
      autoFocus
    />
  );
}
