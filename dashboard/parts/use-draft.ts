import { useState } from 'react';

const prefix = 'draft ';

/** Drafts are kept for this tab only. */
const storage = window.sessionStorage;

/** What was typed under a key; `null` where nothing was, or it was sent. */
export function readDraft(key: string): string | null {
  return storage.getItem(prefix + key);
}

/** A storage that is full keeps nothing: the text is still on the page. */
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

/** Forgets everything that was typed: who signs in next must not read it. */
export function clearDrafts(): void {
  for (const key of Object.keys(storage)) if (key.startsWith(prefix)) storage.removeItem(key);
}

/**
 * A text that somebody types, kept over a reload, Back, and Esc until it is sent.
 *
 * @param key names it within the page
 * @returns the text, how to change it, and how to forget it and go back to `initial`
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
