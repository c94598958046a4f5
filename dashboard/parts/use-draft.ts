import { useState } from 'react';

const prefix = 'draft ';

/** Drafts are kept for this tab only, and never hold secrets: fields of secrets are left out by their forms. */
const storage = window.sessionStorage;

/**
 * A text that somebody types, kept over a reload, Back, and Esc until it is sent.
 *
 * @param key names it within the page
 * @returns the text, how to change it, and how to forget it and begin again
 */
export function useDraft(
  key: string,
  initial: string,
): readonly [text: string, change: (text: string) => void, forget: () => void] {
  const [text, setText] = useState(() => storage.getItem(prefix + key) ?? initial);
  const change = (next: string) => {
    setText(next);
    if (next === initial) storage.removeItem(prefix + key);
    else keep(prefix + key, next);
  };
  return [text, change, () => change(initial)];
}

/** A storage that is full keeps nothing: the text is still on the page. */
function keep(key: string, text: string): void {
  try {
    storage.setItem(key, text);
  } catch {
    storage.removeItem(key);
  }
}
