import { nearestName } from '../../core/nearest-name.ts';

/** Variables with this prefix are the product's: an unknown one is a mistake. */
const ownPrefix = 'CONNECTORS_';
const ownVariables = ['CONNECTORS_URL', 'CONNECTORS_TOKEN', 'CONNECTORS_DEBUG'];

/** Shorter names are near to those of other programs: `PORTS`, `HOME`. */
const leastLength = 10;

/** Letters by which a misspelt name differs at most: others may be meant for another program. */
const mostEdits = 2;

/**
 * A sentence for each variable that would be ignored without a word: an unknown one of the product's prefix, and one that
 * is nearly a setting.
 *
 * @param settings names of the settings that there are
 */
export function misspeltVariables(
  given: Readonly<Record<string, unknown>>,
  settings: readonly string[],
): readonly string[] {
  const known = [...settings, ...ownVariables, 'SECRET_KEY', 'PRICES_FILE'];
  const long = known.filter(({ length }) => length >= leastLength);
  return Object.keys(given)
    .filter((name) => !known.includes(name))
    .flatMap((name) => {
      const isOwn = name.startsWith(ownPrefix);
      const near = nearestName(name, isOwn ? ownVariables : long, mostEdits);
      if (near === null && !isOwn) return [];
      return [`${name} is not a setting.${near === null ? '' : ` Did you mean ${near}?`}`];
    });
}
