import type {
  ArrowFunctionExpression,
  Expression,
  Function as FunctionNode,
  ParamPattern,
  Program,
  Span,
  VariableDeclaration,
} from 'oxc-parser';
import type { SourceModule } from './source-module.ts';

/** A function that a module exports by name. */
export interface ExportedFunction {
  readonly name: string;
  /** Declared `async`, or said to return a `Promise`. */
  readonly isAsync: boolean;
  readonly params: readonly ParamPattern[];
  /** Where its doc comment ends: the start of the whole statement. */
  readonly statement: Span;
}

/**
 * The functions that a module exports under a name, whichever way: declared with `export`, held in a `const`, or named in an
 * `export { ... }` list. What it passes on from other files is not looked into.
 */
export function exportedFunctions({ program }: SourceModule): readonly ExportedFunction[] {
  const local = new Map(localFunctions(program).map((found) => [found.name, found]));
  return program.body.flatMap((statement) => {
    if (statement.type !== 'ExportNamedDeclaration' || statement.source !== null) return [];
    const { declaration } = statement;
    if (declaration?.type === 'FunctionDeclaration') return declaredFunction(declaration, statement);
    if (declaration?.type === 'VariableDeclaration') return heldFunctions(declaration, statement);
    return statement.specifiers.flatMap(({ local: from, exported }) => {
      const found = 'name' in from ? local.get(from.name) : undefined;
      return found === undefined || !('name' in exported) ? [] : { ...found, name: exported.name };
    });
  });
}

function localFunctions(program: Program): readonly ExportedFunction[] {
  return program.body.flatMap((statement) => {
    if (statement.type === 'FunctionDeclaration') return declaredFunction(statement, statement);
    return statement.type === 'VariableDeclaration' ? heldFunctions(statement, statement) : [];
  });
}

function declaredFunction(declared: FunctionNode, statement: Span): readonly ExportedFunction[] {
  if (declared.id === null || declared.generator) return [];
  return [exportedFunction(declared.id.name, declared, statement)];
}

function heldFunctions(declared: VariableDeclaration, statement: Span): readonly ExportedFunction[] {
  return declared.declarations.flatMap(({ id, init }) => {
    const held = functionIn(init);
    return id.type !== 'Identifier' || held === null ? [] : [exportedFunction(id.name, held, statement)];
  });
}

function functionIn(expression: Expression | null): FunctionNode | ArrowFunctionExpression | null {
  if (expression?.type === 'ArrowFunctionExpression') return expression;
  return expression?.type === 'FunctionExpression' && !expression.generator ? expression : null;
}

function exportedFunction(
  name: string,
  declared: FunctionNode | ArrowFunctionExpression,
  statement: Span,
): ExportedFunction {
  const isAsync = declared.async || returnsPromise(declared);
  return { name, isAsync, params: declared.params, statement };
}

function returnsPromise({ returnType }: FunctionNode | ArrowFunctionExpression): boolean {
  const type = returnType?.typeAnnotation;
  return (
    type?.type === 'TSTypeReference' &&
    type.typeName.type === 'Identifier' &&
    type.typeName.name === 'Promise'
  );
}
