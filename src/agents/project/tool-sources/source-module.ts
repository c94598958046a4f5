import { type ParserOptions, parse } from '@babel/parser';
import type { Comment, Program, TSInterfaceDeclaration, TSTypeAliasDeclaration } from '@babel/types';
import * as z from 'zod';
import { messageOf } from '../../../core/errors.ts';
import type { ProjectProblem } from '../../../core/ports/agent-catalog.ts';

/** One TypeScript file of a project, parsed but not run. */
export interface SourceModule {
  /** Relative to the project folder. */
  readonly file: string;
  readonly text: string;
  readonly program: Program;
  readonly comments: readonly Comment[];
  /** The interfaces and type aliases at the top level of the file, by name. */
  readonly types: ReadonlyMap<string, TypeDeclaration>;
}

export type TypeDeclaration = TSInterfaceDeclaration | TSTypeAliasDeclaration;

export type ParsedModule =
  | { readonly outcome: 'parsed'; readonly module: SourceModule }
  | { readonly outcome: 'broken'; readonly problems: readonly ProjectProblem[] };

/**
 * Parses a TypeScript file.
 *
 * @param file its path relative to the project folder, for the problems
 */
export function parseModule(file: string, text: string): ParsedModule {
  try {
    const { program, comments, errors } = parse(text, parserOptions);
    if (errors !== null && errors.length > 0) return broken(file, errors);
    const module = { file, text, program, comments: comments ?? [], types: declaredTypes(program) };
    return { outcome: 'parsed', module };
  } catch (thrown) {
    return broken(file, [thrown]);
  }
}

/** Continues after an error if possible, so that one load reports all of them. */
const parserOptions = {
  sourceType: 'module',
  plugins: ['typescript', 'decorators'],
  errorRecovery: true,
  attachComment: false,
} as const satisfies ParserOptions;

/** Where a part of a module begins. */
export interface SourcePlace {
  /** Characters from the beginning of the text. */
  readonly start?: number | null;
}

/** The line, from 1, on which a node starts. */
export function lineOf(text: string, { start }: SourcePlace): number {
  return text.slice(0, start ?? 0).split('\n').length;
}

function broken(file: string, errors: readonly unknown[]): ParsedModule {
  return { outcome: 'broken', problems: errors.map((error) => syntaxProblem(file, error)) };
}

/** The parser's messages end with the position: `Unexpected token (1:16)`. */
function syntaxProblem(file: string, error: unknown): ProjectProblem {
  const reason = messageOf(error).replace(/ \(\d+:\d+\)$/, '');
  return { file, line: lineIn(error), field: null, message: `This is not valid TypeScript: ${reason}` };
}

function lineIn(error: unknown): number | null {
  const located = z.object({ loc: z.object({ line: z.number() }) }).safeParse(error);
  return located.success ? located.data.loc.line : null;
}

function declaredTypes(program: Program): ReadonlyMap<string, TypeDeclaration> {
  const types = new Map<string, TypeDeclaration>();
  for (const statement of program.body) {
    const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (declaration?.type === 'TSInterfaceDeclaration' || declaration?.type === 'TSTypeAliasDeclaration') {
      types.set(declaration.id.name, declaration);
    }
  }
  return types;
}
