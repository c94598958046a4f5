import type { LlmAgent } from '../agent-definition.ts';
import { type ResolvedModel, resolveModel } from '../models/resolve-model.ts';
import { AgentError, endsRun } from './agent-error.ts';
import { callModel } from './call-model.ts';
import { withRetries } from './deadline.ts';
import type { GeneratedStep, ModelPrompt } from './generate-step.ts';
import type { Invocation } from './run-scope.ts';
import { fitToSchema } from './schema-output.ts';

/** Asks the agent's model, and once it has failed, the fallback model, which then answers all later calls. */
export class AgentModels {
  readonly #invocation: Invocation<LlmAgent>;
  readonly #rerun: () => Promise<void>;
  #names: readonly string[];
  /** Number of messages that earlier spans show: each later span shows only the new ones. */
  #shownMessages = 0;

  /** @param rerun runs the middleware again, before each further attempt, if the agent asks for that */
  constructor(invocation: Invocation<LlmAgent>, rerun: () => Promise<void> = async () => undefined) {
    const { model, fallbackModel } = invocation.agent;
    this.#invocation = invocation;
    this.#rerun = rerun;
    this.#names = fallbackModel === null || fallbackModel === model ? [model] : [model, fallbackModel];
  }

  /** Has the next span show the whole conversation again, because it has changed. */
  showAgain(): void {
    this.#shownMessages = 0;
  }

  /**
   * One step of the conversation, from the first model that returns a usable one. Each model is retried according to
   * the agent's `retry_options`.
   *
   * @param promptFor the prompt in the form that a model's provider accepts
   * @throws the last model's AgentError; RunCancelled, AgentError `timeout`
   */
  async ask(promptFor: (resolved: ResolvedModel) => ModelPrompt): Promise<GeneratedStep> {
    const [name, ...fallbacks] = this.#names;
    if (name === undefined) throw new AgentError('model-error', 'The agent names no model.');
    try {
      return await this.#askOne(name, promptFor);
    } catch (thrown) {
      if (fallbacks.length === 0 || !(thrown instanceof AgentError) || endsRun(thrown)) throw thrown;
      this.#invocation.run.warnings.add(`The fallback model ${fallbacks[0]} took over: ${thrown.message}`);
      this.#names = fallbacks;
      if (this.#invocation.agent.retry.rerunMiddleware) await this.#rerun();
      return this.ask(promptFor);
    }
  }

  async #askOne(name: string, promptFor: (resolved: ResolvedModel) => ModelPrompt): Promise<GeneratedStep> {
    const invocation = this.#invocation;
    const { agent, run, span } = invocation;
    const { env, keyPlace } = run.environment;
    const resolution = await resolveModel(name, env, agent.outputSchema, keyPlace);
    if (resolution.outcome === 'key-missing')
      throw new AgentError('provider-key-missing', resolution.message);
    if (resolution.outcome === 'unknown-provider') throw new AgentError('model-unknown', resolution.message);
    const { resolved } = resolution;
    const attempt = async () => {
      const prompt = promptFor(resolved);
      const shown = this.#shownMessages;
      this.#shownMessages = prompt.messages.length;
      return usableStep(await callModel(invocation, resolved, prompt, span, shown), name, agent);
    };
    return withRetries(invocation, span, attempt, this.#rerun);
  }
}

/** The step, if it calls tools or its answer is a valid output of the agent. */
function usableStep(step: GeneratedStep, name: string, { outputSchema }: LlmAgent): GeneratedStep {
  if (step.toolCalls.length > 0) return step;
  if (outputSchema !== null) {
    return { ...step, text: fitToSchema(step.text, outputSchema, `The answer of ${name}`) };
  }
  if (step.text.trim() !== '') return step;
  throw new AgentError('model-error', `${name} answered without any text.`, { retryable: true });
}
