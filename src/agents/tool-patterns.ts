/**
 * What a reference with wildcards, such as `orders.find_*`, matches.
 *
 * @param wildcard what a `*` stands for; by default, no dot, which separates a module from its functions
 */
export function patternOf(reference: string, wildcard = '[^.]*'): RegExp {
  const parts = reference.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join(wildcard)}$`);
}
