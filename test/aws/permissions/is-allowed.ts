import type { Statement } from './function-roles.ts';
import type { RequestedAction } from './requested-actions.ts';

/** Whether one of the statements allows it, as IAM compares: actions in any case, `*` and `?` in both. */
export function isAllowed(requested: RequestedAction, statements: readonly Statement[]): boolean {
  return statements.some(
    ({ actions, resources, conditions }) =>
      Object.entries(conditions).every(([key, values]) =>
        values.some((value) => matches(value, requested.context?.[key] ?? '')),
      ) &&
      actions.some((action) => matches(action.toLowerCase(), requested.action.toLowerCase())) &&
      resources.some((resource) => matches(resource, requested.resource)),
  );
}

function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replaceAll(/[\\^$.+()[\]{}|]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}
