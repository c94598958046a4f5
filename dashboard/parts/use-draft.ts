import { useState } from 'react';

/** Drafts are kept in the session storage: for this tab only. */
const prefix = 'draft ';

/** What was typed under a key; `null` where nothing was, or it was sent. */
export function readDraft(key: string): string | null {
  return sessionStorage.getItem(prefix + key);
}

/** If storage is full, the draft is not kept; the text is still on the page. */
export function keepDraft(key: string, text: string): void {
  try {
    sessionStorage.setItem(prefix + key, text);
  } catch {
    clearDraft(key);
  }
}

export function clearDraft(key: string): void {
  sessionStorage.removeItem(prefix + key);
}

/** Deletes all drafts, so that the next user cannot read them. */
export function clearDrafts(): void {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(prefix)) sessionStorage.removeItem(key);
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
