import { embeddedFlows } from './embedded-flows.ts';

// `node test/flow-length/print-flows.ts`: the files that an event passes, and their number.

const flows = { embedded: await embeddedFlows() };
for (const [engine, { delivered, created }] of Object.entries(flows)) {
  print(`${engine}: webhook to delivered`, delivered);
  print(`${engine}: create to stored`, created);
}

function print(title: string, files: readonly string[]): void {
  process.stdout.write(`${title}: ${files.length} files\n${files.map((file) => `  ${file}\n`).join('')}`);
}
