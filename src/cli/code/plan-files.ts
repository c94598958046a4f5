import type { ConnectorFiles } from '../../agents/connector-files/read-connector-files.ts';
import type { DescribedConnector, WireConnectorPlan } from '../../api/contract/index.ts';
import type { ProjectProblem } from '../../core/ports/agent-catalog.ts';
import type { ApiClient } from '../api-client.ts';
import { CliFailure } from '../cli-failure.ts';
import { type FileSettings, filesFailure, placedProblems, readFiles } from './read-files.ts';

export interface PlannedFiles {
  readonly connectors: DescribedConnector[];
  readonly plan: WireConnectorPlan;
}

/**
 * Compares the files of a project with the connectors of a running system.
 *
 * @throws CliFailure with every problem of every file
 */
export async function planFiles(api: ApiClient, settings: FileSettings): Promise<PlannedFiles> {
  const read = await readFiles(settings);
  const connectors = read.files.map(({ description }) => description);
  if (read.problems.length > 0) throw filesFailure([...read.problems, ...(await alsoFound(api, read))]);
  const answered = await api.planConnectors({ connectors });
  if (answered.outcome === 'invalid') throw filesFailure(placedProblems(read.files, answered.problems));
  return { connectors, plan: answered.answer };
}

/** What the system finds in addition, so that one run shows every problem. */
async function alsoFound(
  api: ApiClient,
  { files, problems }: ConnectorFiles,
): Promise<readonly ProjectProblem[]> {
  const connectors = files.map(({ description }) => description);
  const answered = await api.planConnectors({ connectors }).catch((thrown: unknown) => {
    if (thrown instanceof CliFailure) return null;
    throw thrown;
  });
  if (answered === null || answered.outcome === 'answered') return [];
  return placedProblems(files, answered.problems).filter((found) => !follows(found, problems));
}

/** Whether a problem is only due to one that is known: the description lacks what the file has. */
export function follows({ file, field }: ProjectProblem, known: readonly ProjectProblem[]): boolean {
  if (field === null) return true;
  // A connector that a file names may be in another file with problems.
  if (field.startsWith('config.from_connectors')) return true;
  return known.some((one) => {
    if (one.file !== file || one.field === null) return one.file === file;
    const isOfField =
      one.field === field || one.field.startsWith(`${field}.`) || field.startsWith(`${one.field}.`);
    return isOfField || (['type', 'mode'].includes(one.field) && field.startsWith('config'));
  });
}
