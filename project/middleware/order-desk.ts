const staff: ReadonlySet<string> = new Set(['ada@shop.example']);

/** Finds out who is asking: the system prompt greets them by name, and staff may refund. */
export async function before(content: unknown, context: Record<string, unknown>): Promise<unknown> {
  const customer = customerIn(context['payload']);
  context['customer_name'] = customer.split('@')[0];
  context['is_staff'] = staff.has(customer);
  return content;
}

function customerIn(payload: unknown): string {
  const hasCustomer = typeof payload === 'object' && payload !== null && 'customer' in payload;
  return hasCustomer && typeof payload.customer === 'string' ? payload.customer : 'a guest';
}
