import { TextInput } from '@mantine/core';

export interface TimeInputProps {
  readonly label: string;
  /** Shown above the input; otherwise the label is only read aloud. */
  readonly isLabelled?: boolean;
  readonly description?: string;
  readonly error?: string | undefined;
  readonly iso: string | undefined;
  /** Called with ISO 8601 in UTC, or an empty text. */
  readonly onChange: (iso: string) => void;
}

/** A time in the operator's zone; its value is ISO 8601 in UTC, or empty. */
export function TimeInput({ label, isLabelled = false, description, error, iso, onChange }: TimeInputProps) {
  return (
    <TextInput
      type="datetime-local"
      {...(isLabelled ? { label, mt: 'sm' } : { 'aria-label': label })}
      {...(description === undefined ? {} : { description })}
      {...(error === undefined ? {} : { error })}
      size="xs"
      value={iso ? localText(iso) : ''}
      onChange={(event) => {
        const { value } = event.currentTarget;
        onChange(value === '' ? '' : new Date(value).toISOString());
      }}
    />
  );
}

/** The format of a `datetime-local` input: `2026-11-23T09:00`. */
function localText(iso: string): string {
  const time = new Date(iso);
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
