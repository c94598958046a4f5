import { TextInput } from '@mantine/core';

export interface EmailInputProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** The user name, which is a mail address. */
export function EmailInput({ value, onChange }: EmailInputProps) {
  return (
    <TextInput
      label="Email address"
      type="email"
      name="username"
      autoComplete="username"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      data-autofocus
      autoFocus
    />
  );
}
