import * as z from 'zod';

/**
 * Parses a text as JSON. JSON is stored as text: DynamoDB's own numbers would not give every JSON number back.
 *
 * What does not parse is an issue without a word of the text. V8's own message quotes its beginning, and the text may be
 * a secret or somebody's event.
 */
export const jsonText = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'is not JSON' });
    return z.NEVER;
  }
});
