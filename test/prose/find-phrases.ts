import type { ForbiddenPhrase } from './style.ts';

export interface FoundPhrase {
  readonly start: number;
  readonly end: number;
  readonly message: string;
}

/** Where forbidden phrases occur in a text, each with what to write instead. */
export function findPhrases(text: string, phrases: readonly ForbiddenPhrase[]): FoundPhrase[] {
  return phrases.flatMap(({ phrase, use }) =>
    [...text.matchAll(new RegExp(phrase, `g${phrase.flags}`))].map((found) => ({
      start: found.index,
      end: found.index + found[0].length,
      message: `Do not write "${found[0]}". Use: ${use}.`,
    })),
  );
}
