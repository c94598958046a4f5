import type { ProjectProblem } from '../../core/ports/agent-catalog.ts';
import type { Colours } from '../output.ts';
import { printable } from '../printable.ts';

/** Problems of a project, one line each: `agents/a.yaml:3 model: what was expected`. */
export function problemLines(problems: readonly ProjectProblem[], paint: Colours): string {
  return problems
    .map(({ file, line, field, message }) => {
      const place = paint.bold(printable(line === null ? file : `${file}:${line}`));
      const name = field === null ? '' : ` ${paint.cyan(printable(field))}:`;
      return `  ${place}${name} ${printable(message)}`;
    })
    .join('\n');
}
