import { startMinistack } from '../aws/ministack.ts';
import { pythonTool } from '../python-tool.ts';
import { awsFlows } from './aws-flows.ts';
import { embeddedFlows } from './embedded-flows.ts';
import type { FlowFiles } from './flow-files.ts';

// `node test/flow-length/print-flows.ts`: the files that an event passes on each engine, and their number.

print('embedded', await embeddedFlows());
const account = await startMinistack(pythonTool('ministack'));
try {
  Object.assign(process.env, account.environment);
  print('aws', await awsFlows());
} finally {
  await account.stop();
}

function print(engine: string, { delivered, created }: FlowFiles): void {
  list(`${engine}: webhook to delivered`, delivered);
  list(`${engine}: create to stored`, created);
}

function list(title: string, files: readonly string[]): void {
  process.stdout.write(`${title}: ${files.length} files\n${files.map((file) => `  ${file}\n`).join('')}`);
}
