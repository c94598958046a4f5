import type { ProjectLoad } from '../../agents/project/load-project.ts';
import { colours } from '../colours.ts';
import type { Output } from '../output.ts';
import { problemLines } from '../render/problem-lines.ts';

/** Reports each reload of the project, with the file and line of every problem. */
export function reportReload(output: Output): (load: ProjectLoad) => void {
  const paint = colours(process.stderr);
  return (load) => {
    if (load.outcome === 'loaded') {
      const names = load.project.agents.map(({ name }) => name).join(', ');
      output.note(`Project reloaded: ${names}`);
    } else {
      const count = load.problems.length;
      const title = `The project has ${count} ${count === 1 ? 'error' : 'errors'}. The previous agents stay active:`;
      output.note(`${title}\n${problemLines(load.problems, paint)}`);
    }
  };
}
