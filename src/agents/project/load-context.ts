import type { OutputSchemas } from './output-schemas.ts';
import type { ProblemLog } from './problem-log.ts';
import type { ToolCatalog } from './tool-catalog.ts';
import { type UnsupportedFeature, unsupportedSentence } from './unsupported-features.ts';
import type { Place } from './yaml-sources/located-value.ts';

/** What the agents of one load are checked against, and where what is wrong with them goes. */
export class LoadContext {
  readonly log: ProblemLog;
  readonly toolCatalog: ToolCatalog;
  readonly schemas: OutputSchemas;
  readonly #allowed: ReadonlySet<string>;

  /** @param allowed unsupported features that the operator allows: they are left out with a warning */
  constructor(log: ProblemLog, toolCatalog: ToolCatalog, schemas: OutputSchemas, allowed: readonly string[]) {
    this.log = log;
    this.toolCatalog = toolCatalog;
    this.schemas = schemas;
    this.#allowed = new Set(allowed);
  }

  /** Refuses the use of an unsupported feature, or warns of it where the operator allows it. */
  reportUnsupported(
    feature: UnsupportedFeature,
    subject: string,
    place: Place,
    path: readonly PropertyKey[],
  ): void {
    const isAllowed = this.#allowed.has(feature);
    const message = unsupportedSentence(feature, subject, isAllowed);
    if (isAllowed) this.log.warn(place, path, message);
    else this.log.refuse(place, path, message);
  }
}
