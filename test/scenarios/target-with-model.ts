import { afterAll, beforeAll } from '@jest/globals';
import { startGeminiServer } from '../model-servers/gemini-server.ts';
import type { ModelServer, ModelServerOptions } from '../model-servers/model-server.ts';
import { scenarioModelKey } from './model-key.ts';
import { type Target, useTarget } from './target.ts';

/** A running system whose agents talk to a model of the scenario's own. */
export interface TargetWithModel {
  readonly target: Target;
  /** What the model was asked, in order. */
  readonly requests: ModelServer['requests'];
}

/**
 * Opens a target as `useTarget` does, with a model server behind its agents. A system that runs elsewhere finds the server
 * at the port that `SCENARIO_MODEL_PORT` names, and has the key `scenarioModelKey`.
 */
export function useTargetWithModel(script: ModelServerOptions['script']): TargetWithModel {
  let model: ModelServer | null = null;
  beforeAll(async () => {
    const port = Number(process.env['SCENARIO_MODEL_PORT'] ?? 0);
    model = await startGeminiServer({ script, apiKey: scenarioModelKey, port });
  });
  const target = useTarget(async () => ({
    GEMINI_BASE_URL: model?.url ?? '',
    GEMINI_API_KEY: scenarioModelKey,
  }));
  afterAll(() => model?.close());
  return {
    target,
    get requests() {
      return model?.requests ?? [];
    },
  };
}
