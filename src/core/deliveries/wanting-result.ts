import type { Connector } from '../connectors/connector.ts';
import type { Engine } from '../ports/engine.ts';
import type { RunRecord } from '../runs/run.ts';

/**
 * The connectors whose conditions want the result of a run. Reads its payload and its output only if there is a
 * condition.
 *
 * @throws RetryableError when the store is unavailable
 */
export async function wantingResult(
  engine: Engine,
  connectors: readonly Connector[],
  record: RunRecord,
): Promise<readonly Connector[]> {
  if (connectors.every(({ conditions }) => conditions === undefined)) return connectors;
  const { judgeConditions } = await import('../filters/judge-conditions.ts');
  const { noteConditionErrors } = await import('../filters/note-condition-errors.ts');
  const { resultScope } = await import('../filters/result-scope.ts');
  const scope = resultScope(await engine.runs.load(record));
  const wanting: Connector[] = [];
  for (const connector of connectors) {
    if (connector.conditions === undefined) {
      wanting.push(connector);
      continue;
    }
    const verdicts = judgeConditions(connector.conditions, [record.agentName], scope);
    await noteConditionErrors(engine, connector, verdicts);
    if (verdicts.some(({ wanted }) => wanted)) wanting.push(connector);
  }
  return wanting;
}
