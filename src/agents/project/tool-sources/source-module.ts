import {
  type Comment,
  type OxcError,
  type Program,
  parseSync,
  type Span,
  type TSInterfaceDeclaration,
  type TSTypeAliasDeclaration,
} from 'oxc-parser';
import type { ProjectProblem } from '../../../core/ports/agent-catalog.ts';

/** One TypeScript file of a project, parsed but not run. */
export interface SourceModule {
  /** Relative to the project folder. */
  readonly file: string;
  readonly text: string;
  readonly program: Program;
  readonly comments: readonly Comment[];
  /** The interfaces and type aliases that the file declares at its top level, by name. */
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
  const { program, comments, errors } = parseSync(file, text, { lang: 'ts', sourceType: 'module' });
  if (errors.length > 0)
    return { outcome: 'broken', problems: errors.map((error) => syntaxProblem(file, text, error)) };
  return { outcome: 'parsed', module: { file, text, program, comments, types: declaredTypes(program) } };
}

/** The line, from 1, on which a node of the module starts. */
export function lineOf(text: string, { start }: Pick<Span, 'start'>): number {
  return text.slice(0, start).split('\n').length;
}

function syntaxProblem(file: string, text: string, error: OxcError): ProjectProblem {
  const [label] = error.labels;
  const message = `This is not valid TypeScript: ${error.message}`;
  return { file, line: label === undefined ? null : lineOf(text, label), field: null, message };
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
