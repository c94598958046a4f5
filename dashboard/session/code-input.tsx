import { TextInput } from '@mantine/core';

export interface CodeInputProps {
  readonly value: string;
  readonly onChange: (code: string) => void;
  /** Where the code comes from. */
  readonly description?: string;
}

/** Asks for a code of digits that somebody has elsewhere. */
export function CodeInput({ value, onChange, description }: CodeInputProps) {
  return (
    <TextInput
      label="Code"
      description={description}
      name="code"
      autoComplete="one-time-code"
      inputMode="numeric"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value.trim())}
      autoFocus
      data-autofocus
    />
  );
}
