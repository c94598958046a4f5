import { type JsonObject, valueAtPath } from '../../core/json/json-value.ts';

const placeholder = /\{([A-Za-z_][\w-]*(?:\.[\w-]+)*)\}/g;

/**
 * Fills `{name}` and `{name.field}` of a system prompt from the run's context: texts as they are, other values as JSON
 * text, `null` as nothing. Names that the context does not know stay as they are.
 */
export function fillSystemPrompt(prompt: string, context: JsonObject): string {
  return prompt.replace(placeholder, (original, path: string) => {
    const value = valueAtPath(context, path);
    if (value === undefined) return original;
    if (value === null) return '';
    return typeof value === 'string' ? value : JSON.stringify(value);
  });
}
