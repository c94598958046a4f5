import type { ProjectProblem } from '../../core/ports/agent-catalog.ts';

/** Where a problem is; `line` is `null` if it has no place in the file. */
type Place = Pick<ProjectProblem, 'file' | 'line'>;

/** Collects the problems of a project, each once, so that all of them can be reported together. */
export class ProblemLog {
  readonly #problems = new Map<string, ProjectProblem>();
  readonly #warnings = new Map<string, ProjectProblem>();

  /** Problems, sorted by file and line. */
  get problems(): readonly ProjectProblem[] {
    return inOrder(this.#problems);
  }

  /** Warnings about a project that loads nevertheless. */
  get warnings(): readonly ProjectProblem[] {
    return inOrder(this.#warnings);
  }

  refuse(place: Place, path: readonly PropertyKey[], message: string): void {
    this.add([problemAt(place, path, message)]);
  }

  warn(place: Place, path: readonly PropertyKey[], message: string): void {
    const warning = problemAt(place, path, message);
    this.#warnings.set(JSON.stringify(warning), warning);
  }

  add(problems: readonly ProjectProblem[]): void {
    for (const problem of problems) this.#problems.set(JSON.stringify(problem), problem);
  }
}

function problemAt({ file, line }: Place, path: readonly PropertyKey[], message: string): ProjectProblem {
  return { file, line, field: path.length === 0 ? null : path.map(String).join('.'), message };
}

function inOrder(problems: ReadonlyMap<string, ProjectProblem>): readonly ProjectProblem[] {
  return [...problems.values()].sort(
    (left, right) => left.file.localeCompare(right.file) || (left.line ?? 0) - (right.line ?? 0),
  );
}
