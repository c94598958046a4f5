import { parse } from '@babel/parser';
import { findPhrases } from './find-phrases.ts';
import type { ProseProblem } from './lint-page.ts';
import { phrasesOfSources } from './style.ts';

/** Forbidden phrases in the comments and texts of a TypeScript file. Its code may use any words. */
export function lintSource(file: string, source: string): ProseProblem[] {
  return proseOf(file, source)
    .flatMap(({ start, end }) =>
      findPhrases(source.slice(start, end).replaceAll(/\n\s*\*/g, blanks), phrasesOfSources).map(
        ({ start: at, message }) => ({ file, line: lineOf(source, start + at), message }),
      ),
    )
    .sort((one, other) => one.line - other.line);
}

interface Span {
  readonly start: number;
  readonly end: number;
}

function proseOf(file: string, source: string): Span[] {
  const { comments, tokens } = parse(source, {
    sourceType: 'module',
    plugins: ['typescript', ...(file.endsWith('.tsx') ? (['jsx'] as const) : [])],
    tokens: true,
  });
  const texts = tokens?.filter(({ type }) => textTokens.has(type.label)) ?? [];
  return [...(comments ?? []), ...texts].map(({ start, end }) => ({ start: start ?? 0, end: end ?? 0 }));
}

const textTokens = new Set(['string', 'jsxText', '`...`', '`...${', '...`', '...${', '}...`', '}...${']);

/** The line break and the star of a comment go, so that phrases are found across lines; places stay. */
function blanks(lineBreak: string): string {
  return ' '.repeat(lineBreak.length);
}

function lineOf(source: string, index: number): number {
  return source.slice(0, index).split('\n').length;
}
