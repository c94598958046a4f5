import { nearestName } from '../../core/nearest-name.ts';

/** Variables with this prefix are the product's: an unknown one is a mistake. */
const ownPrefix = 'CONNECTORS_';
const ownVariables = ['CONNECTORS_URL', 'CONNECTORS_TOKEN', 'CONNECTORS_DEBUG'];

/** Shorter names resemble those of other programs: `PORTS`, `HOME`. */
const leastLength = 10;

/** Maximum edits between a misspelt name and a setting: with more, it may belong to another program. */
const mostEdits = 2;

/**
 * A sentence for each variable that would be silently ignored: unknown ones with the product's prefix, and those that
 * almost match a setting.
 *
 * @param settings names of all settings
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
