import { useState } from 'react';
import { clearDraft, keepDraft, readDraft } from '../parts/use-draft.ts';
import type { Field, Json } from './field.ts';

/** What somebody has typed into a form about a connector. */
export interface FormDraft {
  /** `null` while the form's own suggestion stands. */
  readonly name: string | null;
  readonly agents: readonly string[];
  readonly config: Json;
}

/**
 * What is typed into a form, kept over a reload, Back, and Esc until it is sent. Values of secret fields are not kept.
 *
 * @param key names it within the page
 * @returns what is typed, how to change a part of it, and how to forget it and go back to `initial`
 */
export function useFormDraft(
  key: string,
  initial: FormDraft,
  fields: readonly Field[],
): readonly [draft: FormDraft, change: (part: Partial<FormDraft>) => void, forget: () => void] {
  const [draft, setDraft] = useState(() => storedDraft(key) ?? initial);
  const change = (part: Partial<FormDraft>) => {
    const next = { ...draft, ...part };
    setDraft(next);
    keepDraft(key, JSON.stringify({ ...next, config: withoutSecrets(next.config, fields) }));
  };
  const forget = () => {
    clearDraft(key);
    setDraft(initial);
  };
  return [draft, change, forget];
}

function withoutSecrets(config: Json, fields: readonly Field[]): Json {
  const secret = new Set(
    fields.filter((field) => field.kind === 'text' && field.secret).map(({ name }) => name),
  );
  return Object.fromEntries(Object.entries(config).filter(([name]) => !secret.has(name)));
}

function storedDraft(key: string): FormDraft | null {
  const stored = readDraft(key);
  if (stored === null) return null;
  const draft: unknown = JSON.parse(stored);
  return isDraft(draft) ? draft : null;
}

function isDraft(value: unknown): value is FormDraft {
  return (
    typeof value === 'object' && value !== null && 'name' in value && 'agents' in value && 'config' in value
  );
}
