import { findMode, parseConfig, verifyProblems } from '../connectors/connector-config.ts';
import type { ConnectorTypes } from '../connectors/connector-type.ts';
import type { AllowedTargets } from '../connectors/private-targets.ts';
import type { FieldProblem } from '../field-problem.ts';
import { isJsonObject } from '../json/json-value.ts';
import type { AgentCatalog } from '../ports/agent-catalog.ts';
import type { CodeDraft } from './plan.ts';
import { ownProblems, twinProblem, unknownProblem, withSuggestion } from './plan-connectors.ts';

/** What descriptions of connectors are checked against, without a running system. */
export interface CheckedAgainst {
  readonly types: ConnectorTypes;
  readonly agents: AgentCatalog;
  readonly settings: AllowedTargets;
}

/**
 * Checks what files say of connectors, as far as that does not depend on a running system: its connections, its named
 * secrets and its other connectors are not known.
 *
 * @returns every problem, as `connectors.<index>.<field>`
 */
export async function checkDrafts(
  known: CheckedAgainst,
  drafts: readonly CodeDraft[],
): Promise<readonly FieldProblem[]> {
  const checked = drafts.map(async (draft, index) => {
    const twin = drafts.slice(0, index).find(({ name }) => name.trim() === draft.name.trim());
    const problems = [
      ...ownProblems(known, draft),
      ...(twin === undefined ? [] : [twinProblem(twin)]),
      ...(await configProblems(known, draft)),
    ];
    return problems.map(({ field, message }) => ({ field: `connectors.${index}.${field}`, message }));
  });
  return (await Promise.all(checked)).flat();
}

async function configProblems(known: CheckedAgainst, draft: CodeDraft): Promise<readonly FieldProblem[]> {
  const found = findMode(known.types, draft.type, draft.mode);
  // In a deployment on AWS, a type can have other modes.
  const mode =
    found.outcome === 'found' ? found.mode : known.types.get(draft.type)?.onAws?.(new Set())[draft.mode];
  if (mode === undefined)
    return found.outcome === 'unknown' ? [unknownProblem(known, draft, found.problem)] : [];
  const parsed = parseConfig(mode, draft.config, known.settings);
  const problems = parsed.outcome === 'invalid' ? parsed.problems : await verifyProblems(mode, parsed.config);
  return problems
    .filter((problem) => !dependsOnSystem(problem, draft))
    .map((problem) => withSuggestion(problem, mode));
}

/** Whether a problem can be due to what only the system knows: a secret, an origin's id, or a connection's field. */
function dependsOnSystem({ field }: FieldProblem, { config, connection = null }: CodeDraft): boolean {
  const [, name = ''] = field.split('.');
  const value = config[name];
  if (value === undefined) return connection !== null;
  return name === 'from_connectors' || (isJsonObject(value) && typeof value['secret'] === 'string');
}
