/** Gives the payload back as it is. */
export async function echo(payload: Record<string, unknown>): Promise<Record<string, unknown>> {
  return payload;
}

/** Gives the message back in capital letters. */
export async function shout(payload: { message: string }): Promise<string> {
  return payload.message.toUpperCase();
}

/** Counts the characters of the message. */
export async function count(payload: { message: string }): Promise<{ characters: number }> {
  return { characters: payload.message.length };
}

/** Gives back a text of that many characters. */
export async function fill(payload: { characters: number }): Promise<string> {
  return 'x'.repeat(payload.characters);
}
