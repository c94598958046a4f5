import { useState } from 'react';

const prefix = 'draft ';

/** Drafts are kept only for this tab. */
const storage = window.sessionStorage;

/** The draft under a key; `null` if there is none or it was sent. */
export function readDraft(key: string): string | null {
  return storage.getItem(prefix + key);
}

/** If storage is full, the draft is not kept; the text is still on the page. */
export function keepDraft(key: string, text: string): void {
  try {
    storage.setItem(prefix + key, text);
  } catch {
    clearDraft(key);
  }
}

export function clearDraft(key: string): void {
  storage.removeItem(prefix + key);
}

/** Deletes all drafts, so that the next user cannot read them. */
export function clearDrafts(): void {
  for (const key of Object.keys(storage)) if (key.startsWith(prefix)) storage.removeItem(key);
}

/**
 * A text draft that survives reloads, Back, and Esc until it is sent.
 *
 * @param key identifies the draft within the page
 * @returns the text, a function that changes it, and one that resets it to `initial`
 */
export function useDraft(
  key: string,
  initial: string,
): readonly [text: string, change: (text: string) => void, forget: () => void] {
  const [text, setText] = useState(() => readDraft(key) ?? initial);
  const change = (next: string) => {
    setText(next);
    if (next === initial) clearDraft(key);
    else keepDraft(key, next);
  };
  return [text, change, () => change(initial)];
}
