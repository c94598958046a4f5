import { jsonSchema, type OutputInterface } from 'ai';
import type { JsonObject } from '../../core/json/json-value.ts';
import { AgentError } from './agent-error.ts';
import { schemaCheck } from './json-schema.ts';

/** Asks a provider for JSON that fits a schema, and keeps the text as the model wrote it: `fitToSchema` checks it. */
export function schemaOutput(schema: JsonObject): OutputInterface<string, string, never> {
  return {
    name: 'schema',
    responseFormat: Promise.resolve(jsonSchema(schema).jsonSchema).then((plain) => ({
      type: 'json',
      schema: plain,
    })),
    parseCompleteOutput: async ({ text }) => text,
    parsePartialOutput: async ({ text }) => ({ partial: text }),
    createElementStreamTransform: () => undefined,
  };
}

const codeFence = /^```(?:json)?\s*\n([\s\S]*?)\n?```$/;

/**
 * The JSON text of an answer, without the code fence that some models add.
 *
 * @param author names the author, for the error
 * @throws AgentError `output-invalid` if the text is not JSON or does not fit the schema
 */
export function fitToSchema(text: string, schema: JsonObject, author: string): string {
  const trimmed = text.trim();
  const json = codeFence.exec(trimmed)?.[1] ?? trimmed;
  const problem = problemOf(json, schema);
  if (problem === null) return json;
  throw new AgentError('output-invalid', `${author} does not fit the output schema: ${problem}.`, {
    retryable: true,
  });
}

function problemOf(json: string, schema: JsonObject): string | null {
  try {
    return schemaCheck(schema)(JSON.parse(json));
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return json === '' ? 'it is empty' : 'it is not JSON';
    throw thrown;
  }
}
