import type { AgentProject } from '../../agents/agent-project.ts';
import { agentCatalog } from '../../agents/project/agent-catalog.ts';
import type { AgentCatalog, ProjectProblem } from '../../core/ports/agent-catalog.ts';

/** The agents of the load that is in use, and what was wrong with the last one. */
export class LiveCatalog implements AgentCatalog {
  #project: AgentProject;
  #catalog: AgentCatalog;

  constructor(project: AgentProject) {
    this.#project = project;
    this.#catalog = agentCatalog(project);
  }

  get: AgentCatalog['get'] = (name) => this.#catalog.get(name);
  list: AgentCatalog['list'] = () => this.#catalog.list();
  problems: AgentCatalog['problems'] = () => this.#catalog.problems();

  /** From now on these are the agents. */
  use(project: AgentProject): void {
    this.#project = project;
    this.#catalog = agentCatalog(project);
  }

  /** The last reload failed: the agents stay as they are. */
  report(problems: readonly ProjectProblem[]): void {
    this.#catalog = agentCatalog(this.#project, problems);
  }
}
