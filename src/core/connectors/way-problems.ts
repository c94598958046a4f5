import type { FieldProblem } from '../field-problem.ts';
import type { Engine } from '../ports/engine.ts';
import type { Connector } from './connector.ts';
import { findMode } from './find-mode.ts';
import { wayOf } from './way-of.ts';
import { ways } from './ways.ts';

/**
 * Why a connector can never get an event here: the engine has none of the ways that its type offers. Reported when the
 * connector is created, so that nobody waits in vain.
 *
 * @param draft with a valid configuration
 */
export function wayProblems(
  engine: Pick<Engine, 'types' | 'hasWay' | 'name'>,
  draft: Pick<Connector, 'type' | 'mode' | 'config'>,
): FieldProblem[] {
  if (draft.mode === 'outbound') return [];
  const wanted = ways.filter((way) => wayOf(engine.types, draft, way) !== undefined);
  if (wanted.some((way) => engine.hasWay(draft.type, way))) return [];
  const found = findMode(engine.types, draft.type, draft.mode);
  const reason = found.outcome === 'found' ? found.mode.withoutWay : undefined;
  return [{ field: 'type', message: reason ?? `gets no events here: ${placeNames[engine.name]}` }];
}

const placeNames = {
  aws: 'a deployment on AWS cannot receive them.',
  embedded: 'a single process cannot receive them; deploy to AWS.',
};
