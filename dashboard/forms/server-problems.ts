import { ApiFailure } from '../api/request.ts';
import type { ConfigProblems } from './check-config.ts';

const prefix = /^config\./;

/** What the server found wrong, by the field's path in the configuration. */
export function serverProblems(error: Error | null): ConfigProblems {
  if (!(error instanceof ApiFailure)) return {};
  return Object.fromEntries(error.problems.map(({ field, message }) => [field.replace(prefix, ''), message]));
}
