import { createRequire } from 'node:module';
import { relative } from 'node:path';

interface TestFile {
  readonly path: string;
}

type JestSequencer = new (
  options: unknown,
) => { sort(files: readonly TestFile[]): Promise<readonly TestFile[]> | readonly TestFile[] };

const require = createRequire(import.meta.url);
const { default: Sequencer }: { default: JestSequencer } = require('@jest/test-sequencer');

/** Beginnings of the paths of files that wait much or start many processes, the longest first. */
const longFiles = [
  'test/documents/',
  'src/cli/start/',
  'src/engines/embedded/conformance',
  'test/scenarios/stopping',
  'src/engines/embedded/runs/agent-executor',
  'test/stack/',
  'test/scenarios/',
  'test/flow-length/',
  'test/mcp/',
  'src/cli/',
];

/**
 * The order of test files. In a new clone, Jest knows no durations, and takes the largest files first. A long one at the end
 * would keep one worker busy while the others have nothing left to do.
 */
export default class LongFilesFirst extends Sequencer {
  override async sort(files: readonly TestFile[]): Promise<readonly TestFile[]> {
    const others = await super.sort(files);
    const place = ({ path }: TestFile) => {
      const found = longFiles.findIndex((begin) => relative(process.cwd(), path).startsWith(begin));
      return found === -1 ? longFiles.length : found;
    };
    return others.toSorted((one, other) => place(one) - place(other));
  }
}
