import type { Statement } from './function-roles.ts';
import type { RequestedAction } from './requested-actions.ts';

/** Whether a statement allows it and none denies it, as IAM compares: actions in any case, `*` and `?` in both. */
export function isAllowed(requested: RequestedAction, statements: readonly Statement[]): boolean {
  const effects = statements
    .filter((statement) => concerns(statement, requested))
    .map(({ effect }) => effect);
  return effects.includes('Allow') && !effects.includes('Deny');
}

function concerns({ actions, resources, conditions }: Statement, requested: RequestedAction): boolean {
  return (
    Object.entries(conditions).every(([key, values]) =>
      values.some((value) => matches(value, requested.context?.[key] ?? '')),
    ) &&
    actions.some((action) => matches(action.toLowerCase(), requested.action.toLowerCase())) &&
    resources.some((resource) => matches(resource, requested.resource))
  );
}

function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replaceAll(/[\\^$.+()[\]{}|]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}
