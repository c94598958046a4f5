import { suggestion } from '../../core/nearest-name.ts';
import { configuredVariable } from '../models/model-adapter.ts';
import { builtInProviders, findProvider } from '../models/model-providers.ts';
import type { AgentSource } from './agent-sources.ts';
import type { LoadContext } from './load-context.ts';
import { placeOf } from './yaml-sources/located-value.ts';

/** Refuses a model of an unknown provider, if the agents' environment is known. */
export function checkModel(
  field: 'model' | 'fallback_model',
  model: string | undefined,
  { value }: AgentSource,
  { env, log }: LoadContext,
): void {
  const prefix = model?.slice(0, model.indexOf('/'));
  if (prefix === undefined || env === null || findProvider(prefix, env) !== null) return;
  const near = suggestion(prefix, builtInProviders.keys());
  const message = `There is no provider "${prefix}".${near} A server that speaks OpenAI's format is named by ${configuredVariable(prefix)}_BASE_URL.`;
  log.refuse(placeOf(value, [field]), [field], message);
}
