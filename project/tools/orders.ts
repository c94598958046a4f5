type OrderStatus = 'paid' | 'shipped' | 'refunded';

interface Order {
  order_id: string;
  customer: string;
  status: OrderStatus;
  /** In euros. */
  total: number;
}

const orders = new Map<string, Order>(
  [
    { order_id: 'A-1001', customer: 'ada@shop.example', status: 'shipped', total: 49.9 } as const,
    { order_id: 'A-1002', customer: 'grace@example.com', status: 'paid', total: 120 } as const,
    { order_id: 'A-1003', customer: 'grace@example.com', status: 'shipped', total: 15.5 } as const,
  ].map((order) => [order.order_id, order]),
);

interface OrderNumber {
  /** As on the invoice, such as A-1001. */
  order_id: string;
}

/** Finds one order by its number. */
export async function findOrder({ order_id }: OrderNumber): Promise<Order> {
  const order = orders.get(order_id);
  if (order === undefined) throw new Error(`There is no order "${order_id}".`);
  return order;
}

/**
 * Lists the orders of a customer, or all that have a status.
 *
 * @param customer an e-mail address
 */
export async function searchOrders(query: {
  customer?: string;
  status?: OrderStatus;
}): Promise<readonly Order[]> {
  return [...orders.values()].filter(
    ({ customer, status }) =>
      (query.customer === undefined || customer === query.customer) &&
      (query.status === undefined || status === query.status),
  );
}

/** Gives the money of an order back. */
export async function refund(input: OrderNumber, context: { run_id: string }): Promise<Order> {
  const order = await findOrder(input);
  console.log(`Refunding ${order.total} euros for ${order.order_id} in run ${context.run_id}`);
  const refunded: Order = { ...order, status: 'refunded' };
  orders.set(order.order_id, refunded);
  return refunded;
}

/** Writes an order as a sentence for a person. */
export async function writeReport({ order_id, customer, status, total }: Order): Promise<string> {
  return `Order ${order_id} of ${customer} over ${total.toFixed(2)} euros is ${status}.`;
}
