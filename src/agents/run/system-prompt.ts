import { type JsonObject, valueAtPath } from '../../core/json/json-value.ts';

const placeholder = /\{([A-Za-z_][\w-]*(?:\.[\w-]+)*)\}/g;

/**
 * Fills `{name}` and `{name.field}` in a system prompt from the run's context: texts unchanged, `null` as nothing,
 * other values as JSON text. Names that the context does not have stay as they are.
 */
export function fillSystemPrompt(prompt: string, context: JsonObject): string {
  return prompt.replace(placeholder, (original, path: string) => {
    const value = valueAtPath(context, path);
    if (value === undefined) return original;
    if (value === null) return '';
    return typeof value === 'string' ? value : JSON.stringify(value);
  });
}
