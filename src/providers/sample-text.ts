import * as z from 'zod';

const withText = z.union([
  z.object({ text: z.string() }).transform(({ text }) => text),
  z.object({ message: z.string() }).transform(({ message }) => message),
]);

/** The text of a sample message: the payload's `text` or `message`, otherwise the whole payload. @param json of it */
export function sampleText(json: string): string {
  return withText.safeParse(JSON.parse(json)).data ?? json;
}
