import type { ManagementApp } from './management-context.ts';

/** The order in which `Allow` lists them. */
const methodOrder = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

interface Template {
  /** Those that begin with a colon are parameters. */
  readonly segments: readonly string[];
  readonly methods: Set<string>;
}

/**
 * What methods each path of the application takes. As in OpenAPI, a path belongs to one route template, and one without
 * parameters comes first: `/deliveries/redeliver` is no delivery, so it takes no GET.
 *
 * @returns the methods by a request's path; empty where there is nothing at this path
 */
export function allowedMethods(app: ManagementApp): (path: string) => readonly string[] {
  let templates: readonly Template[] | undefined;
  return (path) => {
    // At the first request, when all routes are there.
    templates ??= templatesOf(app);
    const segments = path.split('/');
    const owner = templates.find((template) => matches(template, segments));
    return methodOrder.filter((method) => owner?.methods.has(method));
  };
}

/** Those with the fewest parameters first. */
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

/** What is registered for every method answers no path by itself. */
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
