import type { ProductProcess } from '../test/product-process.ts';
import type { Effort } from './effort.ts';
import { measureRound, ratioFinding, sideFinding } from './inbound.ts';
import type { Finding } from './report.ts';
import { connect, manage, startBenchProduct } from './servers.ts';
import { takeTurns } from './take-turns.ts';

/** Relative to a product that has no filter, no budget, and no pause. */
const leastRatios = { unused: 0.98, filtered: 0.97 };

/** Events that the filters of the benchmark read. */
const neverTrue = 'input.order.total > 1000 and input.order.customer != None';

/**
 * What filters, budgets, and pauses cost an inbound webhook: one that uses none of them, in a product in which others
 * do; and one whose filter keeps every event from starting runs.
 */
export async function benchControl(effort: Effort): Promise<Finding[]> {
  const products = [await startBenchProduct(), await startBenchProduct(), await startBenchProduct()] as const;
  const [bare, controlled, filtering] = products;
  try {
    await controlOthers(controlled);
    const sides = {
      plain: await connect(bare, 'inbound', 'parked'),
      unused: await connect(controlled, 'inbound', 'parked'),
      filtered: await connect(filtering, 'inbound', 'parked', {}, 'webhook', { filter: neverTrue }),
    };
    const rounds = await takeTurns(sides, effort.rounds, (side) =>
      measureRound(side, effort.secondsPerRound),
    );
    return [
      sideFinding('product without filters, budgets, and pauses', rounds.plain),
      sideFinding('product in which other connectors and agents have them', rounds.unused),
      sideFinding('connector whose filter wants no event', rounds.filtered),
      ratioFinding('unused, of the product without', rounds.unused, rounds.plain, leastRatios.unused),
      ratioFinding('filtered, of the product without', rounds.filtered, rounds.plain, leastRatios.filtered),
    ];
  } finally {
    await Promise.all(products.map((product) => product.remove()));
  }
}

/** Gives a product filters, budgets, and pauses, of which none concerns the agent `parked`. */
async function controlOthers(product: ProductProcess): Promise<void> {
  const filter = { filter: neverTrue };
  await connect(product, 'inbound', 'noop', {}, 'webhook', filter);
  const paused = await connect(product, 'inbound', 'noop');
  await manage(product, 'PATCH', `/connectors/${paused.connectorId}`, { paused: true });
  await manage(product, 'PATCH', '/agents/noop', { paused: true });
  for (const on_limit of ['hold', 'refuse', 'stop']) {
    const scope = { type: 'agent', id: 'noop' };
    const draft = { name: on_limit, measure: 'tokens', period: 'day', limit: 1_000, scope, on_limit };
    await manage(product, 'POST', '/budgets', draft);
  }
}
