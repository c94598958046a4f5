/** Notes the kind of event, which the sender says in a header. */
export function before(content: unknown, context: Record<string, unknown>): unknown {
  const request = context['request'] as { headers: Record<string, string> };
  context['event'] = request.headers['x-github-event'];
  return content;
}
