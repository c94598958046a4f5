import { PasswordInput } from '@mantine/core';

export interface NewPasswordInputProps {
  readonly value: string;
  readonly onChange: (password: string) => void;
  readonly isFirst?: boolean;
}

/** Asks for a new password and checks Cognito's rules in advance. */
export function NewPasswordInput({ value, onChange, isFirst = false }: NewPasswordInputProps) {
  return (
    <PasswordInput
      label="New password"
      description="At least 12 characters, with a lowercase letter, an uppercase letter, a digit, and a symbol."
      name="new-password"
      autoComplete="new-password"
      mt="sm"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      autoFocus={isFirst}
    />
  );
}
