import { messageOf } from '../../core/errors.ts';
import { suggestion } from '../../core/nearest-name.ts';
import {
  type AgentDefinition,
  type Guardrail,
  type GuardrailCheck,
  type GuardrailPattern,
  type Guardrails,
  personalEntities,
} from '../agent-definition.ts';
import type { AgentSource } from './agent-sources.ts';
import { type GuardrailFields, type GuardrailsFields, moderationCategories } from './guardrail-fields.ts';
import type { LoadContext } from './load-context.ts';
import { placeOf } from './yaml-sources/located-value.ts';

type Direction = 'input' | 'output';

/** Types that check one direction only, with the type for the other one, if there is any. */
const oneWay: Readonly<Record<string, readonly [direction: Direction, other: string | null]>> = {
  prompt_injection: ['input', null],
  pii: ['input', 'pii_leakage'],
  topic_restriction: ['input', null],
  pii_leakage: ['output', 'pii'],
  system_prompt_leakage: ['output', null],
  data_exfiltration: ['output', null],
  relevance: ['output', null],
};

/** What `pii_leakage` finds if its author names nothing: an answer may well contain an address or a number to call. */
const leakedEntities = ['ssn', 'credit_card', 'api_key'] as const;

const defaultSimilarity = 0.6;

/**
 * Completes the guardrails of an agent, and checks what their fields cannot say; problems go to the log.
 *
 * @param type of the agent; `null` if its file is not valid
 * @returns `null` if the agent has none
 */
export function defineGuardrails(
  fields: GuardrailsFields | undefined,
  type: AgentDefinition['type'] | null,
  source: AgentSource,
  context: LoadContext,
): Guardrails | null {
  if (fields === undefined) return null;
  const defined = (direction: Direction) =>
    (fields[direction] ?? []).map((guardrail, index) => {
      const path = ['guardrails', direction, index];
      const problems = problemsOf(guardrail, direction, type, context);
      for (const [field, message] of problems) {
        const at = [...path, ...field];
        context.log.refuse(placeOf(source.value, at), at, message);
      }
      return guardrailOf(guardrail);
    });
  const [input, output] = [defined('input'), defined('output')];
  if (input.length + output.length === 0) return null;
  return { input, output, runAfterOnBlock: fields.run_after_on_block ?? true };
}

type Problem = readonly [path: readonly PropertyKey[], message: string];

function problemsOf(
  guardrail: GuardrailFields,
  direction: Direction,
  agentType: AgentDefinition['type'] | null,
  context: LoadContext,
): readonly Problem[] {
  const { type, mode } = guardrail;
  const problems: Problem[] = [];
  const [only = direction, other = null] = oneWay[type] ?? [];
  if (only !== direction) {
    const instead = other === null ? '' : ` Use ${other} for the ${direction}.`;
    problems.push([['type'], `"${type}" checks only the ${only} of an agent.${instead}`]);
  }
  if (mode === 'redact' && type !== 'pii' && type !== 'pii_leakage')
    problems.push([['mode'], 'Only pii and pii_leakage can redact. Use block or warn.']);
  return [...problems, ...configProblems(guardrail, agentType, context)];
}

function configProblems(
  guardrail: GuardrailFields,
  agentType: AgentDefinition['type'] | null,
  context: LoadContext,
): readonly Problem[] {
  switch (guardrail.type) {
    case 'regex':
      if (guardrail.config === undefined)
        return [[['config'], 'This is missing: expected the field patterns.']];
      return guardrail.config.patterns.flatMap(({ pattern }, index) => {
        const complaint = patternComplaint(pattern);
        return complaint === null ? [] : [[['config', 'patterns', index, 'pattern'], complaint] as const];
      });
    case 'topic_restriction': {
      const { allowed_topics, blocked_topics } = guardrail.config ?? {};
      const isVoid = allowed_topics === undefined && blocked_topics === undefined;
      const complaint = 'It needs topics: expected allowed_topics, blocked_topics, or both in config.';
      return [
        ...(isVoid ? [[['config'], complaint] as const] : []),
        ...modelProblems(guardrail, agentType, context),
      ];
    }
    case 'prompt_injection':
    case 'moderation':
    case 'relevance':
      return modelProblems(guardrail, agentType, context);
    case 'custom':
      return customProblems(guardrail.name, context);
    default:
      return [];
  }
}

function modelProblems(
  { type, config }: Extract<GuardrailFields, { config?: { model?: string | undefined } | undefined }>,
  agentType: AgentDefinition['type'] | null,
  context: LoadContext,
): readonly Problem[] {
  if (config?.model !== undefined) {
    const complaint = context.providerComplaint(config.model);
    return complaint === null ? [] : [[['config', 'model'], complaint]];
  }
  if (agentType === null || agentType === 'llm') return [];
  return [
    [['config'], `"${type}" asks a model, and ${agentType} agents have none: name one in config.model.`],
  ];
}

function customProblems(name: string | undefined, { guardrailFiles }: LoadContext): readonly Problem[] {
  if (name === undefined) return [[['name'], 'This is missing: expected the name of a file in guardrails/.']];
  if (guardrailFiles === null || guardrailFiles.has(name)) return [];
  return [[['name'], `There is no file guardrails/${name}.ts.${suggestion(name, guardrailFiles)}`]];
}

function guardrailOf(fields: GuardrailFields): Guardrail {
  const { type, mode, name = type, config } = fields;
  const ownMessage = type === 'topic_restriction' ? fields.config?.off_topic_message : undefined;
  return {
    ...checkOf(fields),
    name,
    mode,
    rejectionMessage: ownMessage ?? config?.rejection_message ?? null,
    failRun: config?.fail_run ?? false,
  };
}

function checkOf(fields: GuardrailFields): GuardrailCheck {
  switch (fields.type) {
    case 'regex':
      return { type: 'regex', patterns: (fields.config?.patterns ?? []).map(patternOf) };
    case 'pii':
      return { type: fields.type, entities: fields.config?.entities ?? personalEntities };
    case 'pii_leakage':
      return { type: fields.type, entities: fields.config?.entities ?? leakedEntities };
    case 'system_prompt_leakage':
      return {
        type: fields.type,
        similarityThreshold: fields.config?.similarity_threshold ?? defaultSimilarity,
      };
    case 'data_exfiltration':
      return { type: fields.type, allowedDomains: fields.config?.allowed_domains ?? [] };
    case 'custom':
      return { type: fields.type };
    default:
      return { ...modelCheckOf(fields), model: fields.config?.model ?? null };
  }
}

function modelCheckOf(
  fields: Extract<
    GuardrailFields,
    { type: 'prompt_injection' | 'moderation' | 'topic_restriction' | 'relevance' }
  >,
) {
  switch (fields.type) {
    case 'prompt_injection':
      return { type: fields.type, sensitivity: fields.config?.sensitivity ?? 'medium' };
    case 'moderation':
      return { type: fields.type, categories: fields.config?.categories ?? moderationCategories };
    case 'topic_restriction': {
      const { allowed_topics: allowedTopics = [], blocked_topics: blockedTopics = [] } = fields.config ?? {};
      return { type: fields.type, allowedTopics, blockedTopics };
    }
    case 'relevance':
      return { type: fields.type, context: fields.config?.context ?? null };
  }
}

const leadingFlags = /^\(\?([ims]+)\)/;

/** Python's `(?i)` at the beginning becomes a flag. The flag `u` refuses what JavaScript would read as something else. */
function patternOf({
  pattern,
  message,
}: {
  pattern: string;
  message?: string | undefined;
}): GuardrailPattern {
  const [whole = '', flags = ''] = leadingFlags.exec(pattern) ?? [];
  return {
    pattern: pattern.slice(whole.length).replaceAll('(?P<', '(?<'),
    flags: [...new Set(`u${flags}`)].join(''),
    message: message ?? null,
  };
}

/** @returns `null` for a valid regular expression */
function patternComplaint(written: string): string | null {
  const { pattern, flags } = patternOf({ pattern: written });
  try {
    new RegExp(pattern, flags);
    return null;
  } catch (thrown) {
    const [, reason = ''] = /: ([^:]+)$/.exec(messageOf(thrown)) ?? [];
    return `"${written}" is not a valid regular expression in JavaScript: ${reason.toLowerCase()}.`;
  }
}
