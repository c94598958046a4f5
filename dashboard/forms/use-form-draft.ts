import { useState } from 'react';
import type { WireDeliveryMode } from '../../src/api/contract/connector.ts';
import type { TypedConditions } from '../filters/conditions.ts';
import { clearDraft, keepDraft, readDraft } from '../parts/use-draft.ts';
import type { Field, Json } from './field.ts';

/** What the user has typed into a connector form. */
export interface FormDraft {
  /** `null` while the suggested name applies. */
  readonly name: string | null;
  readonly agents: readonly string[];
  readonly config: Json;
  /** Name of the chosen connection. */
  readonly connection?: string | null;
  /** What an outbound connector delivers. */
  readonly delivery?: WireDeliveryMode;
  /** Typed conditions of a connector that is created. */
  readonly conditions?: TypedConditions;
}

/**
 * A form draft that survives reloads, Back, and Esc until it is submitted. Secret fields are not kept.
 *
 * @param key identifies the draft within the page
 * @returns the draft, a function that changes part of it, one that resets it to `initial`, and one for when it is stored
 */
export function useFormDraft(
  key: string,
  initial: FormDraft,
  fields: readonly Field[],
): readonly [
  draft: FormDraft,
  change: (part: Partial<FormDraft>) => void,
  forget: () => void,
  saved: () => void,
] {
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
  const saved = () => {
    clearDraft(key);
    setDraft({ ...draft, config: withoutSecrets(draft.config, fields) });
  };
  return [draft, change, forget, saved];
}

/** A configuration without the values of secret fields. */
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
