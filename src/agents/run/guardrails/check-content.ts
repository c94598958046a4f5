import * as z from 'zod';
import { type JsonValue, jsonValue } from '../../../core/json/json-value.ts';
import type { Guardrail, PersonalEntity } from '../../agent-definition.ts';
import { AgentError } from '../agent-error.ts';
import { runProjectCode, visibleValues } from '../run-project-code.ts';
import type { Invocation } from '../run-scope.ts';
import type { OpenSpan } from '../trace-recorder.ts';
import { foreignHosts, similarityTo } from './find-leaks.ts';
import type { Content } from './guarded-content.ts';
import { matchPatterns } from './match-patterns.ts';
import { type Found, redactPersonalData } from './personal-data.ts';

/** What a guardrail says of a content. */
export type Verdict<Value> =
  | { readonly outcome: 'passed' }
  | {
      readonly outcome: 'violated';
      /** For operators, in one sentence. */
      readonly reason: string;
      /** For the caller; `null` for the guardrail's own rejection message. */
      readonly message: string | null;
      readonly details: JsonValue;
      /** The content without what was found; `null` if the guardrail cannot redact. */
      readonly redacted: Value | null;
    };

const passed = { outcome: 'passed' } as const;

function violated(reason: string, details: JsonValue = null, message: string | null = null) {
  return { outcome: 'violated', reason, message, details, redacted: null } as const;
}

/**
 * Checks a content with one guardrail.
 *
 * @param question what an output answers; `null` for an input
 * @throws AgentError of a model that cannot be asked; RunHeld, RunCancelled, AgentError `timeout`, `budget-exceeded`
 */
export async function checkContent<Value>(
  invocation: Invocation,
  guardrail: Guardrail,
  content: Content<Value>,
  question: string | null,
  span: OpenSpan,
): Promise<Verdict<Value>> {
  switch (guardrail.type) {
    case 'regex':
      return checkPatterns(guardrail, content.text);
    case 'pii':
    case 'pii_leakage':
      return checkPersonalData(guardrail.entities, content);
    case 'system_prompt_leakage': {
      const similarity = similarityTo(await systemPromptOf(invocation), content.text);
      if (similarity < guardrail.similarityThreshold) return passed;
      const percent = Math.floor(similarity * 100);
      return violated(`It repeats ${percent}% of a passage of the system prompt.`, { similarity });
    }
    case 'data_exfiltration': {
      const hosts = foreignHosts(content.text, guardrail.allowedDomains);
      if (hosts.length === 0) return passed;
      return violated(`It links to domains that are not allowed: ${listed(hosts)}.`, {
        hosts: hosts.slice(0, 20),
      });
    }
    case 'custom':
      return checkByCode(invocation, guardrail.name, content.text);
    default: {
      const { askGuard } = await import('./ask-guard.ts');
      const { passed: hasPassed, reason } = await askGuard(
        invocation,
        guardrail,
        content.text,
        question,
        span,
      );
      return hasPassed ? passed : violated(reason);
    }
  }
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown}, and ${names.length - 3} more` : shown;
}

function checkPatterns({ patterns }: Extract<Guardrail, { type: 'regex' }>, text: string) {
  const matched = matchPatterns(patterns, text);
  if (matched.outcome === 'none') return passed;
  const { pattern, message } = matched.pattern;
  if (matched.outcome === 'matched')
    return violated(`It matches the pattern /${pattern}/.`, { pattern }, message);
  return violated(
    `The pattern /${pattern}/ took more than a second, so the text counts as a match. Simplify the pattern.`,
    { pattern },
  );
}

const singular: Readonly<Record<PersonalEntity, string>> = {
  email: 'email address',
  phone: 'phone number',
  ssn: 'social security number',
  credit_card: 'credit card number',
  iban: 'IBAN',
  ip_address: 'IP address',
  api_key: 'API key',
};

function checkPersonalData<Value>(
  entities: readonly PersonalEntity[],
  content: Content<Value>,
): Verdict<Value> {
  const found: Found = new Map();
  const redacted = content.map((text) => redactPersonalData(text, entities, found));
  if (found.size === 0) return passed;
  const counts = [...found].map(([entity, count]) => `${count} ${singular[entity]}${plural(entity, count)}`);
  const details = Object.fromEntries(found);
  return {
    outcome: 'violated',
    reason: `It contains ${counts.join(', ')}.`,
    message: null,
    details,
    redacted,
  };
}

function plural(entity: PersonalEntity, count: number): string {
  if (count === 1) return '';
  return singular[entity].endsWith('s') ? 'es' : 's';
}

/** As the model has it: with the values of the context. Only llm agents have one. */
async function systemPromptOf({ agent, context }: Invocation): Promise<string> {
  if (agent.type !== 'llm') return '';
  const { fillSystemPrompt } = await import('../run-llm-agent.ts');
  return fillSystemPrompt(agent.systemPrompt, visibleValues(context));
}

const customVerdict = z.object({
  passed: z.boolean(),
  message: z.string().nullish(),
  details: jsonValue.nullish(),
});

/** Calls `check` of a file in `guardrails/`. Its error is a violation: what cannot be checked must not pass. */
async function checkByCode(invocation: Invocation, name: string, text: string) {
  const { guardrails } = invocation.run.code;
  const title = 'Its check';
  const run = () => {
    const guardrail = Object.hasOwn(guardrails, name) ? guardrails[name] : undefined;
    if (guardrail === undefined) throw new Error(`there is no guardrails/${name}.ts`);
    return guardrail.check(text, invocation.context);
  };
  try {
    const call = { source: `guardrail:${name}`, title, errorCode: 'guardrail-error', run } as const;
    const returned = customVerdict.safeParse(await runProjectCode(invocation, call));
    if (!returned.success)
      return violated('Its check has to return {passed, message?, details?}, with true or false as passed.');
    const { passed: hasPassed, message = null, details = null } = returned.data;
    return hasPassed ? passed : violated(message ?? 'Its check did not pass.', details, message);
  } catch (thrown) {
    if (thrown instanceof AgentError && thrown.code === 'guardrail-error') return violated(thrown.message);
    throw thrown;
  }
}
