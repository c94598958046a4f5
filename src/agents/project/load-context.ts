import { suggestion } from '../../core/nearest-name.ts';
import type { ProjectProblem } from '../../core/ports/agent-catalog.ts';
import { configuredVariable, type ModelEnvironment } from '../models/model-adapter.ts';
import { builtInProviders, findProvider } from '../models/model-providers.ts';
import type { OutputSchemas } from './output-schemas.ts';
import type { ProblemLog } from './problem-log.ts';
import type { ToolCatalog } from './tool-catalog.ts';
import { type UnsupportedFeature, unsupportedSentence } from './unsupported-features.ts';

export interface LoadContextSettings {
  /** Unsupported features that agents may name all the same; they are left out with a warning. */
  readonly allowUnsupported?: readonly string[];
  /** The environment that agents will run in. If given, models' providers are checked and the code is loaded once. */
  readonly env?: ModelEnvironment;
}

/** What the agents of one load are checked against, and where their problems go. */
export class LoadContext {
  readonly log: ProblemLog;
  readonly toolCatalog: ToolCatalog;
  readonly schemas: OutputSchemas;
  /** Names of the files in `guardrails/`; `null` if not all of them can be read. */
  readonly guardrailFiles: ReadonlySet<string> | null;
  /** For finding the operator's own providers; `null` if it is not known what will be set. */
  readonly env: ModelEnvironment | null;
  readonly #allowed: ReadonlySet<string>;

  constructor(
    log: ProblemLog,
    toolCatalog: ToolCatalog,
    schemas: OutputSchemas,
    guardrailFiles: ReadonlySet<string> | null,
    settings: LoadContextSettings,
  ) {
    this.log = log;
    this.toolCatalog = toolCatalog;
    this.schemas = schemas;
    this.guardrailFiles = guardrailFiles;
    this.env = settings.env ?? null;
    this.#allowed = new Set(settings.allowUnsupported);
  }

  /** Refuses an unsupported feature, or warns of it if the operator allows it. */
  reportUnsupported(
    feature: UnsupportedFeature,
    subject: string,
    place: Pick<ProjectProblem, 'file' | 'line'>,
    path: readonly PropertyKey[],
  ): void {
    const isAllowed = this.#allowed.has(feature);
    const message = unsupportedSentence(feature, subject, isAllowed);
    if (isAllowed) this.log.warn(place, path, message);
    else this.log.refuse(place, path, message);
  }

  /** Why a model cannot be called: its provider is unknown. `null` if nothing is wrong, as far as that is known. */
  providerComplaint(model: string): string | null {
    const prefix = model.slice(0, model.indexOf('/'));
    if (this.env === null || findProvider(prefix, this.env) !== null) return null;
    const near = suggestion(prefix, builtInProviders.keys());
    return `There is no provider "${prefix}".${near} A server that speaks OpenAI's format is named by ${configuredVariable(prefix)}_BASE_URL.`;
  }
}
