/** What the connector and the middleware say of the request. */
export async function tell(
  _payload: Record<string, unknown>,
  context: { readonly request: unknown; readonly event: unknown },
): Promise<{ request: unknown; event: unknown }> {
  return { request: context.request, event: context.event };
}
