import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { loadProject } from '../../src/agents/project/load-project.ts';
import { unknownFeatures } from '../../src/agents/project/unsupported-features.ts';
import type { ProjectProblem } from '../../src/core/ports/agent-catalog.ts';
import { packedFiles } from '../../src/engines/aws/entry/packed-project.ts';
import { packConnectors } from './pack-connectors.ts';
import type { WrittenProject } from './pack-project.ts';

/**
 * A program that loads the project in the folder named by its first argument, writes its files below the folder named
 * by its second, and prints the outcome as JSON. The third is the environment of its connectors, or empty. Further
 * arguments are unsupported features to ignore.
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
  await writeFile(join(agentsFolder, basename(packedFiles.project)), JSON.stringify(load.project));
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

function sentence({ file, line, field, message }: ProjectProblem): string {
  const place = line === null ? file : `${file}:${line}`;
  return `${place}: ${field === null ? '' : `${field}: `}${message}`;
}

const [projectDir = '', buildDir = '', environment = '', ...allowUnsupported] = process.argv.slice(2);
process.stdout.write(JSON.stringify(await writeProject(projectDir, buildDir, environment, allowUnsupported)));
