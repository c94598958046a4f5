import type { FunctionParameter, TSType } from '@babel/types';
import { isJsonObject, type JsonObject } from '../../../core/json/json-value.ts';
import type { ProjectProblem } from '../../../core/ports/agent-catalog.ts';
import type { ToolDescription } from '../../agent-project.ts';
import { type DocComment, docCommentBefore } from './doc-comment.ts';
import { type ExportedFunction, exportedFunctions } from './exported-functions.ts';
import { jsonSchemaOf } from './json-schema-of-type.ts';
import { lineOf, parseModule, type SourceModule, type SourcePlace } from './source-module.ts';

/** Contents of one file of `tools/`. */
export interface ToolModule {
  readonly file: string;
  readonly tools: readonly ToolDescription[];
  /** Exported functions that are not async, by tool name: they are not tools, but explain a failed reference. */
  readonly notAsync: readonly string[];
  readonly problems: readonly ProjectProblem[];
}

/**
 * Reads the tools of one TypeScript file without running it. Every exported async function `(input, context?)` is a
 * tool named `module.function`; a model sees its doc comment and the type of `input` (agents.md).
 *
 * @param module the file's name without its extension
 * @param file its path relative to the project folder
 */
export function describeTools(module: string, file: string, text: string): ToolModule {
  const parsed = parseModule(file, text);
  if (parsed.outcome === 'broken') return { file, tools: [], notAsync: [], problems: parsed.problems };
  const problems: ProjectProblem[] = [];
  const functions = exportedFunctions(parsed.module);
  const tools = functions
    .filter(({ isAsync }) => isAsync)
    .map((exported) => describeTool(module, exported, parsed.module, problems));
  const notAsync = functions.filter(({ isAsync }) => !isAsync).map(({ name }) => `${module}.${name}`);
  return { file, tools, notAsync, problems };
}

function describeTool(
  module: string,
  exported: ExportedFunction,
  source: SourceModule,
  problems: ProjectProblem[],
): ToolDescription {
  const doc = docCommentBefore(exported.statement, source);
  const schema = parametersOf(exported, source, problems);
  return {
    name: `${module}.${exported.name}`,
    description: doc.description,
    parameters: withParamTexts(schema, doc),
  };
}

function parametersOf(
  exported: ExportedFunction,
  module: SourceModule,
  problems: ProjectProblem[],
): JsonObject {
  const [input, , third] = exported.params;
  const report = (node: SourcePlace, path: string, message: string): void => {
    const field = `${exported.name}.${path}`;
    problems.push({ file: module.file, line: lineOf(module.text, node), field, message });
  };
  if (third !== undefined)
    report(third, 'parameters', 'A tool takes at most two parameters, (input, context).');
  if (input === undefined) return { type: 'object', properties: {} };
  const type = typeOf(input);
  if (type === null) {
    report(input, 'input', "The first parameter needs a type, which describes the tool's input to a model.");
    return {};
  }
  const schema = jsonSchemaOf(type, { module, path: 'input', within: [], report, schemaOf: jsonSchemaOf });
  return objectSchema(schema, () => {
    report(
      type,
      'input',
      'The first parameter must be one object type, because a model passes arguments by name.',
    );
  });
}

/** `unknown` and similar types accept any object; every other type must be an object type. */
function objectSchema(schema: JsonObject, complain: () => void): JsonObject {
  const isAnything = Object.keys(schema).length === 0;
  if (!isAnything && schema['type'] !== 'object') complain();
  return { properties: {}, ...schema, type: 'object' };
}

function typeOf(param: FunctionParameter): TSType | null {
  const pattern = param.type === 'AssignmentPattern' ? param.left : param;
  if (pattern.type !== 'Identifier' && pattern.type !== 'ObjectPattern' && pattern.type !== 'ArrayPattern')
    return null;
  const annotation = pattern.typeAnnotation;
  return annotation?.type === 'TSTypeAnnotation' ? annotation.typeAnnotation : null;
}

/** Adds the `@param` texts (`@param orderId` or `@param input.orderId`) to properties without a comment of their own. */
function withParamTexts(schema: JsonObject, { params }: DocComment): JsonObject {
  const properties = isJsonObject(schema['properties']) ? schema['properties'] : {};
  const described = Object.entries(properties).map(([name, property]) => {
    const description = params.get(name) ?? params.get(`input.${name}`);
    if (description === undefined || !isJsonObject(property) || 'description' in property)
      return [name, property];
    return [name, { ...property, description }];
  });
  return { ...schema, properties: Object.fromEntries(described) };
}
