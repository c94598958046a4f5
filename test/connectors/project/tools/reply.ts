/** Answers with the text, or with the JSON that the text is. */
export async function say(payload: { text: string }): Promise<unknown> {
  return payload.text.startsWith('{') ? JSON.parse(payload.text) : `**You said:** ${payload.text}`;
}

/** Gives the payload back as it is. */
export async function keep(payload: Record<string, unknown>): Promise<Record<string, unknown>> {
  return payload;
}

/** Notes something. @param text what to note */
export async function note({ text }: { text: string }): Promise<string> {
  return `Noted: ${text}`;
}
