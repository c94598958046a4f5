/** Recognises a visitor by the address that the chat sends along, however it is written. */
export function before(
  _content: unknown,
  context: { payload: { email?: string }; visitor?: { id: string } },
) {
  const { email } = context.payload;
  if (email !== undefined) context.visitor = { id: email.trim().toLowerCase() };
}
