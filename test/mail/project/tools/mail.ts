/** Gives the payload back as it is. */
export async function echo(payload: Record<string, unknown>): Promise<Record<string, unknown>> {
  return payload;
}

/** The text of an answer. */
export async function answer(payload: { subject: string; body_text: string }): Promise<string> {
  return `You wrote: ${payload.body_text.trim()}`;
}

/** A result that the test has made up. */
export async function write(payload: { result: unknown }): Promise<unknown> {
  return payload.result;
}
