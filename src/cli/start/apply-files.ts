import { planToWire } from '../../api/wire/connector.ts';
import { applyConnectors } from '../../core/code/apply-connectors.ts';
import { messageOf } from '../../core/errors.ts';
import type { Engine } from '../../core/ports/engine.ts';
import { CliFailure } from '../cli-failure.ts';
import { type FileSettings, filesFailure, placedProblems, readFiles } from '../code/read-files.ts';
import { countText } from '../render/plan-text.ts';

/** The name in the audit log of who applies files at the start and during development. */
const actor = 'start';

/**
 * Makes the connectors be as the files of the project say.
 *
 * @returns what was done, in one line
 * @throws CliFailure with every problem of every file; nothing was changed then
 */
export async function applyFiles(engine: Engine, settings: FileSettings): Promise<string> {
  const { files, problems } = await readFiles(settings);
  if (problems.length > 0) throw filesFailure(problems);
  const applied = await applyConnectors(
    engine,
    actor,
    files.map(({ description }) => description),
  );
  if (applied.outcome === 'refused') throw filesFailure(placedProblems(files, applied.problems));
  return `Connectors from code: ${countText(planToWire(applied.plan), true)}`;
}

/** Applies the files again after a change, and returns what to tell. */
export async function applyAgain(engine: Engine, settings: FileSettings): Promise<string> {
  try {
    return await applyFiles(engine, settings);
  } catch (thrown) {
    return thrown instanceof CliFailure
      ? thrown.message
      : `The connectors were not applied: ${messageOf(thrown)}`;
  }
}
