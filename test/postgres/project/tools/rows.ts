/** Gives the payload back as it is. */
export async function echo(payload: Record<string, unknown>): Promise<Record<string, unknown>> {
  return payload;
}
