import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { AgentProject } from '../../src/agents/agent-project.ts';
import { unpricedModels } from '../../src/agents/models/unpriced-models.ts';
import { loadProject } from '../../src/agents/project/load-project.ts';
import { unknownFeatures } from '../../src/agents/project/unsupported-features.ts';
import { readPrices } from '../../src/agents/run/prices.ts';
import { messageOf } from '../../src/core/errors.ts';
import type { ProjectProblem } from '../../src/core/ports/agent-catalog.ts';
import { packedFiles } from '../../src/engines/aws/entry/function-engine.ts';
import { packConnectors } from './pack-connectors.ts';
import type { WrittenProject } from './pack-project.ts';

/**
 * A program that loads the project in the folder named by its first argument, writes its files below the folder named
 * by its second, and prints the outcome as JSON. The third is the environment of its connectors, or empty. Further
 * arguments are unsupported features to ignore. The variable `PRICES_FILE` names the operator's price file.
 */
async function writeProject(
  projectDir: string,
  buildDir: string,
  environment: string,
  allowUnsupported: readonly string[],
): Promise<WrittenProject> {
  const unknown = unknownFeatures(allowUnsupported);
  if (unknown.length > 0) {
    return { outcome: 'broken', problems: unknown.map((problem) => `allowUnsupported ${problem}`) };
  }
  const load = await loadProject(projectDir, { buildDir, allowUnsupported });
  const connectors = await packConnectors(projectDir, environment, load);
  const problems = [...(load.outcome === 'broken' ? load.problems : []), ...connectors.problems];
  if (load.outcome === 'broken' || problems.length > 0) {
    return { outcome: 'broken', problems: problems.map(sentence) };
  }
  const codeFolder = dirname(load.codeFile);
  const agentsFolder = `${codeFolder}-agents`;
  await mkdir(agentsFolder, { recursive: true });
  const priced = await withPrices(load.project);
  if (typeof priced === 'string') return { outcome: 'broken', problems: [priced] };
  await writeFile(join(agentsFolder, basename(packedFiles.project)), JSON.stringify(priced));
  const agents = [...load.project.agents];
  return {
    outcome: 'written',
    agentsFolder,
    codeFolder,
    agents,
    warnings: load.warnings.map(sentence),
    ...(connectors.json === null ? {} : { connectors: connectors.json }),
  };
}

/** The project with the operator's prices, and the models that have none; or why the price file cannot be used. */
async function withPrices(project: AgentProject): Promise<AgentProject | string> {
  const file = process.env['PRICES_FILE'] ?? '';
  try {
    const own = file === '' ? {} : { prices: await readPrices(file) };
    const unpriced = Object.fromEntries(await unpricedModels({ ...project, ...own }, process.env));
    return { ...project, ...own, unpriced };
  } catch (thrown) {
    return `pricesFile: ${messageOf(thrown)}`;
  }
}

function sentence({ file, line, field, message }: ProjectProblem): string {
  const place = line === null ? file : `${file}:${line}`;
  return `${place}: ${field === null ? '' : `${field}: `}${message}`;
}

const [projectDir = '', buildDir = '', environment = '', ...allowUnsupported] = process.argv.slice(2);
process.stdout.write(JSON.stringify(await writeProject(projectDir, buildDir, environment, allowUnsupported)));
