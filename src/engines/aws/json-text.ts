import * as z from 'zod';

/** JSON is stored as text: DynamoDB's own numbers would not give every JSON number back. */
export const jsonText = z.string().transform((text): unknown => JSON.parse(text));
