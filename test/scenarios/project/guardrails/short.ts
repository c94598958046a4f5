/** Lets only short messages pass. */
export async function check(content: string, context: { agent_name: string }) {
  if (content.length <= 40) return { passed: true };
  return {
    passed: false,
    message: `${context.agent_name} takes 40 letters.`,
    details: { letters: content.length },
  };
}
