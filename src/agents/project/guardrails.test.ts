import { afterAll, describe, expect, test } from '@jest/globals';
import { loadProject } from './load-project.ts';
import { makeProject, removeProjects } from './test-project.ts';

afterAll(removeProjects);

const llm = 'version: "1.0"\nname: a\nmodel: demo/scripted\n';
const check = 'export function check(content: string) { return { passed: content !== "" }; }';

function loadFiles(files: Readonly<Record<string, string>>) {
  return makeProject(files).then((project) => loadProject(project.projectDir, { ...project, env: {} }));
}

async function problemsOf(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const load = await loadFiles(files);
  if (load.outcome === 'loaded') return [];
  return load.problems.map(
    ({ file, line, field, message }) => `${file}:${line ?? '-'} ${field ?? '-'}: ${message}`,
  );
}

async function loaded(files: Readonly<Record<string, string>>) {
  const load = await loadFiles(files);
  if (load.outcome === 'broken') throw new Error(JSON.stringify(load.problems));
  return load;
}

describe('guardrails of an agent', () => {
  test('are completed with what their types have if nothing else is said', async () => {
    const text = `${llm}
guardrails:
  input:
    - { type: prompt_injection, mode: block }
    - { type: pii, mode: redact }
    - { type: moderation, mode: warn, config: { categories: [hate], model: gemini/gemini-2.5-flash } }
    - { type: topic_restriction, mode: block, config: { allowed_topics: [billing], off_topic_message: Only billing. } }
    - { type: regex, mode: block, name: sql, config: { patterns: [{ pattern: '(?i)drop\\s+table', message: No. }] } }
    - { type: custom, mode: block, name: tone, config: { fail_run: true } }
  output:
    - { type: pii_leakage, mode: redact }
    - { type: system_prompt_leakage, mode: block, config: { rejection_message: No. } }
    - { type: data_exfiltration, mode: block, config: { allowed_domains: [example.com] } }
    - { type: relevance, mode: warn }
`;
    const { project } = await loaded({ 'agents/a.yaml': text, 'guardrails/tone.ts': check });
    const rule = { rejectionMessage: null, failRun: false };
    expect(project.agents[0]?.guardrails).toEqual({
      runAfterOnBlock: true,
      input: [
        {
          ...rule,
          type: 'prompt_injection',
          name: 'prompt_injection',
          mode: 'block',
          sensitivity: 'medium',
          model: null,
        },
        {
          ...{ ...rule, type: 'pii', name: 'pii', mode: 'redact' },
          entities: ['email', 'phone', 'ssn', 'credit_card', 'iban', 'ip_address', 'api_key'],
        },
        {
          ...{ ...rule, type: 'moderation', name: 'moderation', mode: 'warn' },
          ...{ categories: ['hate'], model: 'gemini/gemini-2.5-flash' },
        },
        {
          ...{ ...rule, type: 'topic_restriction', name: 'topic_restriction', mode: 'block', model: null },
          ...{ allowedTopics: ['billing'], blockedTopics: [], rejectionMessage: 'Only billing.' },
        },
        {
          ...{ ...rule, type: 'regex', name: 'sql', mode: 'block' },
          patterns: [{ pattern: 'drop\\s+table', flags: 'ui', message: 'No.' }],
        },
        { ...rule, type: 'custom', name: 'tone', mode: 'block', failRun: true },
      ],
      output: [
        {
          ...{ ...rule, type: 'pii_leakage', name: 'pii_leakage', mode: 'redact' },
          entities: ['ssn', 'credit_card', 'api_key'],
        },
        {
          ...{ ...rule, type: 'system_prompt_leakage', name: 'system_prompt_leakage', mode: 'block' },
          ...{ similarityThreshold: 0.6, rejectionMessage: 'No.' },
        },
        {
          ...{ ...rule, type: 'data_exfiltration', name: 'data_exfiltration', mode: 'block' },
          allowedDomains: ['example.com'],
        },
        { ...rule, type: 'relevance', name: 'relevance', mode: 'warn', context: null, model: null },
      ],
    });
  });

  test('begin with those of _defaults.yaml; one of the same name replaces an inherited one', async () => {
    const files = {
      'agents/_defaults.yaml':
        'guardrails:\n  run_after_on_block: false\n  input:\n    - { type: pii, mode: block }\n    - { type: regex, name: words, mode: block, config: { patterns: [{ pattern: a }] } }',
      'agents/a.yaml': `${llm}guardrails:\n  input:\n    - { type: regex, name: words, mode: warn, config: { patterns: [{ pattern: b }] } }`,
      'agents/b.yaml': 'version: "1.0"\nname: b\ntype: tool\ntool_name: t.echo',
      'tools/t.ts': 'export async function echo(input: { text: string }) { return input; }',
    };
    const { project } = await loaded(files);
    const [a, b] = project.agents.map(({ guardrails }) => guardrails);
    expect(a).toMatchObject({
      runAfterOnBlock: false,
      input: [
        { type: 'pii', mode: 'block' },
        { name: 'words', mode: 'warn', patterns: [{ pattern: 'b' }] },
      ],
    });
    expect(b).toMatchObject({ input: [{ type: 'pii' }, { name: 'words', mode: 'block' }] });
  });

  test('are none if their lists are empty', async () => {
    const { project } = await loaded({ 'agents/a.yaml': `${llm}guardrails: { input: [], output: [] }` });
    expect(project.agents[0]?.guardrails).toBeNull();
  });
});

describe('a guardrail that does not fit is refused where it stands', () => {
  test.each([
    [
      '{ type: pi, mode: block }',
      'type: Expected a guardrail with type and mode; its type is one of regex, pii,',
    ],
    ['{ type: pii }', 'mode: This is missing: expected block, warn or redact.'],
    ['{ type: pii, mode: stop }', 'mode: Expected block, warn or redact; found "stop".'],
    [
      '{ type: pii, mode: block, modes: 1 }',
      'modes: There is no field "modes" in guardrails.input. Did you mean "mode"?',
    ],
    [
      '{ type: pii, mode: block, config: { entitys: [] } }',
      'config.entitys: There is no field "entitys" in guardrails.input.config. Did you mean "entities"?',
    ],
    [
      '{ type: pii, mode: block, config: { entities: [mail] } }',
      'config.entities.0: Expected a list of email, phone, ssn, credit_card, iban, ip_address or api_key; found "mail".',
    ],
    ['{ type: regex, mode: block }', 'config: This is missing: expected the field patterns.'],
    [
      "{ type: regex, mode: block, config: { patterns: [{ pattern: '(a' }] } }",
      'config.patterns.0.pattern: "(a" is not a valid regular expression in JavaScript: unterminated group.',
    ],
    [
      "{ type: regex, mode: block, config: { patterns: [{ pattern: '\\Aa' }] } }",
      'config.patterns.0.pattern: "\\Aa" is not a valid regular expression in JavaScript: invalid escape.',
    ],
    [
      '{ type: regex, mode: redact, config: { patterns: [{ pattern: a }] } }',
      'mode: Only pii and pii_leakage can redact. Use block or warn.',
    ],
    [
      '{ type: pii_leakage, mode: block }',
      'type: "pii_leakage" checks only the output of an agent. Use pii for the input.',
    ],
    ['{ type: relevance, mode: block }', 'type: "relevance" checks only the output of an agent.'],
    [
      '{ type: topic_restriction, mode: block }',
      'config: It needs topics: expected allowed_topics, blocked_topics, or both in config.',
    ],
    [
      '{ type: moderation, mode: block, config: { provider: openai } }',
      'config.provider: Expected default, because services of other providers are not supported; choose a model with model; found "openai".',
    ],
    [
      '{ type: moderation, mode: block, config: { model: gemnii/x } }',
      'config.model: There is no provider "gemnii". Did you mean "gemini"?',
    ],
    ['{ type: custom, mode: block }', 'name: This is missing: expected the name of a file in guardrails/.'],
    [
      '{ type: custom, mode: block, name: tune }',
      'name: There is no file guardrails/tune.ts. Did you mean "tone"?',
    ],
  ])('%s', async (guardrail, message) => {
    const text = `${llm}guardrails:\n  input:\n    - ${guardrail}`;
    const problems = await problemsOf({ 'agents/a.yaml': text, 'guardrails/tone.ts': check });
    expect(problems).toEqual([expect.stringContaining(`agents/a.yaml:6 guardrails.input.0.${message}`)]);
  });

  test('also in _defaults.yaml, and beside other mistakes of the agent', async () => {
    const files = {
      'agents/_defaults.yaml': 'guardrails:\n  output:\n    - { type: pii, mode: block }\n  inputs: []',
      'agents/a.yaml': `${llm}temperature: 9`,
    };
    expect(await problemsOf(files)).toEqual([
      'agents/_defaults.yaml:4 guardrails.inputs: There is no field "inputs" in guardrails. Did you mean "input"?',
      'agents/a.yaml:4 temperature: Expected a number from 0 to 2; found 9.',
    ]);
    const corrected = {
      ...files,
      'agents/_defaults.yaml': files['agents/_defaults.yaml'].replace('inputs', 'input'),
    };
    expect(await problemsOf(corrected)).toEqual([
      'agents/_defaults.yaml:3 guardrails.output.0.type: "pii" checks only the input of an agent. Use pii_leakage for the output.',
      'agents/a.yaml:4 temperature: Expected a number from 0 to 2; found 9.',
    ]);
  });

  test('an agent without a model must name one for a guardrail that asks a model', async () => {
    const files = {
      'agents/a.yaml':
        'version: "1.0"\nname: a\ntype: tool\ntool_name: t.echo\nguardrails:\n  input:\n    - { type: moderation, mode: block }',
      'tools/t.ts': 'export async function echo(input: { text: string }) { return input; }',
    };
    expect(await problemsOf(files)).toEqual([
      'agents/a.yaml:7 guardrails.input.0.config: "moderation" asks a model, and tool agents have none: name one in config.model.',
    ]);
  });
});

describe('a file in guardrails/', () => {
  const agent = `${llm}guardrails:\n  input:\n    - { type: custom, mode: block, name: tone }`;

  test('is bundled with what it imports', async () => {
    const load = await loaded({
      'agents/a.yaml': agent,
      'guardrails/tone.ts':
        "import { words } from './lib/words.ts';\nexport async function check(content: string) { return { passed: !words.includes(content) }; }",
      'guardrails/lib/words.ts': "export const words = ['rude'];",
    });
    const code: { guardrails: Record<string, { check(content: string): Promise<unknown> }> } = await import(
      load.codeFile
    );
    expect(await code.guardrails['tone']?.check('rude')).toEqual({ passed: false });
    expect(load.warnings).toEqual([]);
  });

  test.each([
    ['export const other = 1;', 'other: A guardrail exports "check" only; move "other" to another file.'],
    ['export const check = 3;', 'check: "check" must be a function that is declared in this file.'],
    ['export type X = 1;', '-: A guardrail exports the function "check"; this file does not.'],
  ])('%j is refused', async (text, message) => {
    expect(await problemsOf({ 'agents/a.yaml': agent, 'guardrails/tone.ts': text })).toEqual([
      expect.stringMatching(/^guardrails\/tone\.ts:(?:1|-) /),
    ]);
    const [problem = ''] = await problemsOf({ 'agents/a.yaml': agent, 'guardrails/tone.ts': text });
    expect(problem).toContain(message);
  });

  test('that no agent uses causes a warning', async () => {
    const load = await loaded({ 'agents/a.yaml': llm, 'guardrails/tone.ts': check });
    expect(load.warnings).toEqual([
      {
        file: 'guardrails/tone.ts',
        line: null,
        field: null,
        message:
          'No agent uses this guardrail: it checks nothing until an agent lists it with type custom and the name tone.',
      },
    ]);
  });

  test.each([
    [
      'guardrails/tone.py',
      'This is Python, which is not supported. Guardrails are TypeScript: write it as guardrails/tone.ts.',
    ],
    [
      'guardrails/sub/tone.ts',
      'Guardrails are read from the files directly in guardrails/: move it to guardrails/tone.ts.',
    ],
  ])('%s is refused', async (file, message) => {
    expect(await problemsOf({ 'agents/a.yaml': llm, [file]: check })).toEqual([`${file}:- -: ${message}`]);
  });

  test('that fails when it is loaded is named with its line', async () => {
    const text = `throw new Error('no list');\n${check}`;
    expect(await problemsOf({ 'agents/a.yaml': agent, 'guardrails/tone.ts': text })).toEqual([
      'guardrails/tone.ts:1 -: Loading the code failed: no list',
    ]);
  });
});
