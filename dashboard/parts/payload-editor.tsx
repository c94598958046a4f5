import { Textarea } from '@mantine/core';
import type { KeyboardEvent } from 'react';
import { parseExactly } from '../../src/api/contract/exact-json.ts';

export type ReadPayload =
  | { readonly outcome: 'valid'; readonly value: unknown }
  | { readonly outcome: 'invalid'; readonly message: string };

/** Parses JSON text, or explains why it is invalid. */
export function readPayload(text: string): ReadPayload {
  try {
    return { outcome: 'valid', value: parseExactly(text) };
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    return { outcome: 'invalid', message: `Invalid JSON: ${reason}` };
  }
}

export interface PayloadEditorProps {
  readonly label: string;
  readonly description?: string;
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly error?: string | undefined;
}

/** A JSON editor that reports errors immediately. Ctrl+Enter submits its form. */
export function PayloadEditor({
  label,
  description = 'JSON. Press Ctrl+Enter to submit.',
  text,
  onChange,
  error,
}: PayloadEditorProps) {
  const payload = readPayload(text);
  return (
    <Textarea
      label={label}
      description={description}
      value={text}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={payload.outcome === 'invalid' ? payload.message : error}
      autosize
      minRows={6}
      maxRows={20}
      spellCheck={false}
      onKeyDown={submitOnCtrlEnter}
      data-autofocus
      styles={{ input: { fontFamily: 'var(--mono)', fontSize: '0.78125rem', lineHeight: 1.6 } }}
    />
  );
}

function submitOnCtrlEnter(event: KeyboardEvent<HTMLTextAreaElement>): void {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit();
}
