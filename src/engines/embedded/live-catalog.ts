import type { AgentProject } from '../../agents/agent-project.ts';
import { missingKeysByAgent } from '../../agents/models/missing-provider-keys.ts';
import type { ModelEnvironment } from '../../agents/models/model-adapter.ts';
import { agentCatalog } from '../../agents/project/agent-catalog.ts';
import type { AgentCatalog, ProjectProblem } from '../../core/ports/agent-catalog.ts';

/** The agents of the load that is in use, and what was wrong with the last one. */
export class LiveCatalog implements AgentCatalog {
  readonly #env: ModelEnvironment;
  #project: AgentProject;
  #catalog: AgentCatalog;

  /** @param env what agents see of the environment: keys of models that are not in it are missing */
  constructor(project: AgentProject, env: ModelEnvironment) {
    this.#env = env;
    this.#project = project;
    this.#catalog = this.#catalogOf([]);
  }

  get: AgentCatalog['get'] = (name) => this.#catalog.get(name);
  list: AgentCatalog['list'] = () => this.#catalog.list();
  problems: AgentCatalog['problems'] = () => this.#catalog.problems();

  /** From now on these are the agents. */
  use(project: AgentProject): void {
    this.#project = project;
    this.#catalog = this.#catalogOf([]);
  }

  /** The last reload failed: the agents stay as they are. */
  report(problems: readonly ProjectProblem[]): void {
    this.#catalog = this.#catalogOf(problems);
  }

  #catalogOf(problems: readonly ProjectProblem[]): AgentCatalog {
    return agentCatalog(this.#project, missingKeysByAgent(this.#project, this.#env), problems);
  }
}
