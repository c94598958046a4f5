import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runTests } from '../jest-run.ts';
import { pythonTool } from '../python-tool.ts';

/**
 * A program, `npm run test:aws`: everything that needs an AWS account, against emulated ones. First the engine's own tests,
 * then a deployment with all its proofs, then the pages' commands; or the named parts only (`npm run test:aws -- engine`).
 * With `--reports <folder>` Jest's reports go there as JSON.
 */
const { values, positionals } = parseArgs({
  options: { reports: { type: 'string' } },
  allowPositionals: true,
});
const { reports } = values;

const parts: Readonly<Record<string, () => Promise<boolean>>> = {
  engine: () =>
    runTests({
      args: ['--config', 'test/aws/jest.config.js'],
      report: reports && join(reports, 'aws-engine.json'),
    }),
  deployment: () => passes('prove-deployment.ts'),
  documents: () => passes('prove-documents.ts'),
};

async function passes(name: 'prove-deployment.ts' | 'prove-documents.ts'): Promise<boolean> {
  const args = reports === undefined ? [] : ['--reports', reports];
  const program = spawn(process.execPath, [join(import.meta.dirname, name), ...args], {
    stdio: 'inherit',
  });
  const [code] = await once(program, 'exit');
  return code === 0;
}

const chosen = positionals.length > 0 ? positionals : Object.keys(parts);
const unknown = chosen.filter((name) => parts[name] === undefined);
if (unknown.length > 0)
  throw new Error(`There is no part ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}.`);

/** Tools of all parts, installed once. */
for (const tool of ['ministack', 'aws', 'cfn-lint', 'checkov'] as const) pythonTool(tool);

for (const name of chosen) {
  if ((await parts[name]?.()) !== true) process.exitCode = 1;
}
