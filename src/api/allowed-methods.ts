import type { ManagementApp } from './management-context.ts';

/** The order of methods in `Allow`. */
const methodOrder = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

interface Template {
  /** Segments that begin with a colon are parameters. */
  readonly segments: readonly string[];
  readonly methods: Set<string>;
}

/**
 * The methods that each path supports. As in OpenAPI, a path belongs to one route template, and templates without
 * parameters take precedence: `/deliveries/redeliver` is not a delivery, so it does not support GET.
 *
 * @returns the methods for a request's path; empty if the path does not exist
 */
export function allowedMethods(app: ManagementApp): (path: string) => readonly string[] {
  let templates: readonly Template[] | undefined;
  return (path) => {
    // On the first request, when all routes have been added.
    templates ??= templatesOf(app);
    const segments = path.split('/');
    const owner = templates.find((template) => matches(template, segments));
    return methodOrder.filter((method) => owner?.methods.has(method));
  };
}

/** Templates with the fewest parameters first. */
function templatesOf({ routes }: ManagementApp): readonly Template[] {
  const templates = new Map<string, Template>();
  for (const { path, method } of routes) {
    if (method === middleware) continue;
    const template = templates.get(path) ?? { segments: path.split('/'), methods: new Set() };
    template.methods.add(method);
    if (method === 'GET') template.methods.add('HEAD');
    templates.set(path, template);
  }
  return [...templates.values()].sort((one, other) => countParameters(one) - countParameters(other));
}

/** Hono's method of handlers for all methods: middleware, which answers no path of its own. */
const middleware = 'ALL';

function matches({ segments }: Template, given: readonly string[]): boolean {
  return (
    segments.length === given.length &&
    segments.every((segment, index) =>
      segment.startsWith(':') ? given[index] !== '' : segment === given[index],
    )
  );
}

function countParameters({ segments }: Template): number {
  return segments.filter((segment) => segment.startsWith(':')).length;
}
