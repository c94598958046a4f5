import type {
  ArrowFunctionExpression,
  Expression,
  FunctionDeclaration,
  FunctionExpression,
  FunctionParameter,
  Program,
  VariableDeclaration,
} from '@babel/types';
import type { SourceModule, SourcePlace } from './source-module.ts';

/** A function that a module exports by name. */
export interface ExportedFunction {
  readonly name: string;
  /** Declared `async`, or with the return type `Promise`. */
  readonly isAsync: boolean;
  readonly params: readonly FunctionParameter[];
  /** Start of the whole statement, where its doc comment ends. */
  readonly statement: SourcePlace;
}

type AnyFunction = FunctionDeclaration | FunctionExpression | ArrowFunctionExpression;

/**
 * The functions that a module exports by name: declared with `export`, assigned to a variable, or listed in
 * `export { ... }`. Re-exports of other files are not followed.
 */
export function exportedFunctions({ program }: SourceModule): readonly ExportedFunction[] {
  const local = new Map(localFunctions(program).map((found) => [found.name, found]));
  return program.body.flatMap((statement) => {
    if (statement.type !== 'ExportNamedDeclaration' || statement.source != null) return [];
    const { declaration } = statement;
    if (declaration?.type === 'FunctionDeclaration') return declaredFunction(declaration, statement);
    if (declaration?.type === 'VariableDeclaration') return heldFunctions(declaration, statement);
    return statement.specifiers.flatMap((specifier) => {
      if (specifier.type !== 'ExportSpecifier' || specifier.local.type !== 'Identifier') return [];
      const found = local.get(specifier.local.name);
      const { exported } = specifier;
      return found === undefined || exported.type !== 'Identifier' ? [] : { ...found, name: exported.name };
    });
  });
}

function localFunctions(program: Program): readonly ExportedFunction[] {
  return program.body.flatMap((statement) => {
    if (statement.type === 'FunctionDeclaration') return declaredFunction(statement, statement);
    return statement.type === 'VariableDeclaration' ? heldFunctions(statement, statement) : [];
  });
}

function declaredFunction(
  declared: FunctionDeclaration,
  statement: SourcePlace,
): readonly ExportedFunction[] {
  if (declared.id == null || declared.generator) return [];
  return [exportedFunction(declared.id.name, declared, statement)];
}

function heldFunctions(declared: VariableDeclaration, statement: SourcePlace): readonly ExportedFunction[] {
  return declared.declarations.flatMap(({ id, init }) => {
    const held = functionIn(init);
    return id.type !== 'Identifier' || held === null ? [] : [exportedFunction(id.name, held, statement)];
  });
}

function functionIn(
  expression: Expression | null | undefined,
): FunctionExpression | ArrowFunctionExpression | null {
  if (expression?.type === 'ArrowFunctionExpression') return expression;
  return expression?.type === 'FunctionExpression' && !expression.generator ? expression : null;
}

function exportedFunction(name: string, declared: AnyFunction, statement: SourcePlace): ExportedFunction {
  const isAsync = declared.async || returnsPromise(declared);
  return { name, isAsync, params: declared.params, statement };
}

function returnsPromise({ returnType }: AnyFunction): boolean {
  const type = returnType?.type === 'TSTypeAnnotation' ? returnType.typeAnnotation : undefined;
  return (
    type?.type === 'TSTypeReference' &&
    type.typeName.type === 'Identifier' &&
    type.typeName.name === 'Promise'
  );
}
