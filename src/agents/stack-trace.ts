/**
 * How source maps name the files of a project, so that a stack trace tells its frames from those of the product, and names
 * no folder of the machine that bundled it or that runs it.
 */
export const projectScheme = 'project:///';

const frame = /^\s+at .*$/;

/**
 * A text with stack traces in it as the project's authors want to read it: of the frames only those in the project and its
 * packages, by file and line (`tools/orders.ts:12:9`). The other lines stay as they are.
 */
export function projectFramesOnly(text: string): string {
  const lines = text.split('\n').filter((line) => !frame.test(line) || line.includes(projectScheme));
  return lines.join('\n').replaceAll(projectScheme, '');
}
