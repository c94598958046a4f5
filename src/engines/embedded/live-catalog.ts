import type { AgentProject } from '../../agents/agent-project.ts';
import { missingKeysByAgent } from '../../agents/models/missing-provider-keys.ts';
import type { ModelEnvironment } from '../../agents/models/model-adapter.ts';
import { agentCatalog } from '../../agents/project/agent-catalog.ts';
import type { AgentCatalog, ProjectProblem } from '../../core/ports/agent-catalog.ts';

/** The agents of the current project load, and the problems of the last reload. */
export class LiveCatalog implements AgentCatalog {
  readonly #env: ModelEnvironment;
  #project: AgentProject;
  #catalog: AgentCatalog;

  /** @param env what agents see of the environment; a model key that is not in it counts as missing */
  constructor(project: AgentProject, env: ModelEnvironment) {
    this.#env = env;
    this.#project = project;
    this.#catalog = this.#catalogOf([]);
  }

  get: AgentCatalog['get'] = (name) => this.#catalog.get(name);
  list: AgentCatalog['list'] = () => this.#catalog.list();
  unpricedModels: AgentCatalog['unpricedModels'] = async () => {
    // Loaded when somebody asks: the price list takes long to load.
    const { unpricedModels } = await import('../../agents/models/unpriced-models.ts');
    return unpricedModels(this.#project, this.#env);
  };
  problems: AgentCatalog['problems'] = () => this.#catalog.problems();

  /** Replaces the agents. */
  use(project: AgentProject): void {
    this.#project = project;
    this.#catalog = this.#catalogOf([]);
  }

  /** Records that the last reload failed; the agents stay as they are. */
  report(problems: readonly ProjectProblem[]): void {
    this.#catalog = this.#catalogOf(problems);
  }

  #catalogOf(problems: readonly ProjectProblem[]): AgentCatalog {
    return agentCatalog(this.#project, missingKeysByAgent(this.#project, this.#env), problems);
  }
}
