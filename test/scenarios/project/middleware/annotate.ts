/** Notes on the run whose order it is. */
export function before(content: unknown, context: Record<string, unknown>): unknown {
  context['customer'] = 'acme';
  return content;
}
