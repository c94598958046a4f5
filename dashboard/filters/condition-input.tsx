import { Textarea } from '@mantine/core';

export interface ConditionInputProps {
  readonly label: string;
  readonly description?: string;
  readonly placeholder: string;
  readonly value: string;
  /** What is wrong with it, and where. */
  readonly error: string | undefined;
  readonly onChange: (text: string) => void;
}

/** A condition, which may be longer than a line. */
export function ConditionInput({ value, onChange, ...shown }: ConditionInputProps) {
  return (
    <Textarea
      {...shown}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      autosize
      minRows={1}
      maxRows={8}
      spellCheck={false}
      mb="md"
      styles={{ input: { fontFamily: 'var(--mono)', fontSize: '0.78125rem' } }}
    />
  );
}
