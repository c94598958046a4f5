/**
 * How source maps name the files of the project. It distinguishes their frames in stack traces from those of the
 * product, and names no folder of the machine that bundles or runs it.
 */
export const projectScheme = 'project:///';

const frame = /^\s+at .*$/;

/**
 * Reduces stack traces in a text to what the project's authors need: the frames in the project and its packages, by
 * file and line (`tools/orders.ts:12:9`). All other lines stay as they are.
 */
export function projectFramesOnly(text: string): string {
  const lines = text.split('\n').filter((line) => !frame.test(line) || line.includes(projectScheme));
  return lines.join('\n').replaceAll(projectScheme, '');
}
