import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  type ConnectorFile,
  problemIn,
  readConnectorFiles,
} from '../../src/agents/connector-files/read-connector-files.ts';
import type { ProjectLoad } from '../../src/agents/project/load-project.ts';
import { nameOfLink } from '../../src/core/filters/connector-conditions.ts';
import type { ProjectProblem } from '../../src/core/ports/agent-catalog.ts';

export interface PackedConnectors {
  /** `null` if the project has no folder for connectors. */
  readonly json: string | null;
  readonly problems: readonly ProjectProblem[];
}

/**
 * Reads the connectors of a project for a deployment. Variables are filled in now, from the environment of the
 * deployment, but secrets are only named: the template contains the result.
 */
export async function packConnectors(
  projectDir: string,
  environment: string,
  load: ProjectLoad,
): Promise<PackedConnectors> {
  if (!existsSync(join(projectDir, 'connectors'))) return { json: null, problems: [] };
  // Loaded only now: most projects have no connectors as code, and need the code of no type.
  const { loadConnectorTypes } = await import('../../src/connectors/index.ts');
  const read = await readConnectorFiles(projectDir, {
    types: await loadConnectorTypes(),
    environment: environment === '' ? null : environment,
    variables: process.env,
    secretsAs: 'names',
  });
  if (read === null) return { json: null, problems: [] };
  const agents = load.outcome === 'loaded' ? load.project.agents.map(({ name }) => name) : null;
  const unknown = agents === null ? [] : read.files.flatMap((file) => unknownAgents(file, agents));
  return {
    json: JSON.stringify(read.files.map(({ description }) => description)),
    problems: [...read.problems, ...unknown],
  };
}

function unknownAgents(file: ConnectorFile, known: readonly string[]): ProjectProblem[] {
  return file.description.agents
    .map(nameOfLink)
    .flatMap((name, index) =>
      known.includes(name)
        ? []
        : [problemIn(file, ['agents', String(index)], `There is no agent named "${name}".`)],
    );
}
