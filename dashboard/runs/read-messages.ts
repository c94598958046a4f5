import * as z from 'zod/mini';

const text = z.nullable(z.string());

const part = z.looseObject({
  type: z.string(),
  content: z.optional(text),
  name: z.optional(text),
  arguments: z.optional(text),
  response: z.optional(text),
  media_type: z.optional(text),
});

const messages = z.array(z.looseObject({ role: z.string(), parts: z.array(part) }));

export type SpanMessage = z.infer<typeof messages>[number];
export type SpanMessagePart = z.infer<typeof part>;

/** Messages in the form that spans use (OpenTelemetry, "gen_ai.input.messages"); `null` for other values. */
export function readMessages(value: unknown): readonly SpanMessage[] | null {
  const read = messages.safeParse(value);
  return read.success ? read.data : null;
}
