import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pythonTool } from '../python-tool.ts';
import { jestRun } from './jest-run.ts';

/**
 * A program, `npm run test:aws`: everything that needs an AWS account, against emulated ones. First the engine's own tests,
 * then a deployment with all its proofs, then the pages' commands. With `--reports <folder>` Jest's reports go there as JSON.
 */
const { values } = parseArgs({ options: { reports: { type: 'string' } } });
const { reports } = values;

/** Tools of all parts, installed once. */
for (const tool of ['ministack', 'aws', 'cfn-lint', 'checkov'] as const) pythonTool(tool);

async function passes(name: 'prove-deployment.ts' | 'prove-documents.ts'): Promise<boolean> {
  const args = reports === undefined ? [] : ['--reports', reports];
  const program = spawn(process.execPath, [join(import.meta.dirname, name), ...args], {
    stdio: 'inherit',
  });
  const [code] = await once(program, 'exit');
  return code === 0;
}

const report = reports === undefined ? [] : ['--json', '--outputFile', join(reports, 'aws-engine.json')];
const engine = await jestRun(['--config', 'test/aws/jest.config.js', ...report], {});
const deployment = await passes('prove-deployment.ts');
const documents = await passes('prove-documents.ts');
process.exitCode = engine && deployment && documents ? 0 : 1;
