import { TextInput } from '@mantine/core';

export interface CodeInputProps {
  readonly value: string;
  readonly onChange: (code: string) => void;
  /** Where to find the code. */
  readonly description?: string;
}

/** Asks for a numeric code from another device or a mail. */
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
