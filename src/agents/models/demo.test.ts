import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { errorOf, llmAgent, outputOf, runOne } from '../../../test/agents/run-one.ts';
import { type JsonObject, jsonObject } from '../../core/json/json-value.ts';
import { schemaCheck } from '../run/json-schema.ts';
import { readDemoScript } from './demo-script.ts';
import { demoValue } from './demo-value.ts';

describe('the script of the demo model', () => {
  test('is made of the lines that have its form; all others are plain text', () => {
    const message = [
      'Dear model,',
      'call orders.findOrder {"orderId": "A-1"}',
      '  call orders.listOrders',
      'wait 2s',
      'wait 1.5 s',
      'wait 250ms',
      'say  On its way.',
      'fail',
      'fail no credit',
      'call me tomorrow',
      'wait for it',
      'call orders.findOrder {broken',
    ].join('\n');
    expect(readDemoScript(message)).toEqual([
      { kind: 'call', tool: 'orders.findOrder', input: { orderId: 'A-1' } },
      { kind: 'call', tool: 'orders.listOrders', input: {} },
      { kind: 'wait', milliseconds: 2_000 },
      { kind: 'wait', milliseconds: 1_500 },
      { kind: 'wait', milliseconds: 250 },
      { kind: 'say', text: 'On its way.' },
      { kind: 'fail', message: 'The demo model was told to fail.' },
      { kind: 'fail', message: 'no credit' },
    ]);
  });

  test('is found in the message of a JSON payload', () => {
    const payload = { customer: 7, message: 'say one' };
    expect(readDemoScript(JSON.stringify(payload))).toEqual([{ kind: 'say', text: 'one' }]);
  });
});

describe('the demo model', () => {
  const sayTwice = { payload: { message: 'Good day' } };

  test('answers the same to the same', async () => {
    const outputs = [
      await runOne({ agents: [llmAgent('one')], request: sayTwice }),
      await runOne({ agents: [llmAgent('one')], request: sayTwice }),
    ];
    expect(outputs.map(outputOf)).toEqual(
      Array(2).fill('This is the built-in demo model; no AI was asked.\nIt got: Good day'),
    );
  });

  test('streams word by word what it answers in one piece', async () => {
    const words: string[] = [];
    const outcome = await runOne({
      agents: [llmAgent('one')],
      request: { payload: { message: 'say one two  three' } },
      hooks: { onText: (word) => void words.push(word) },
    });
    expect(words).toEqual(['one', ' two', '  three']);
    expect(outputOf(outcome)).toBe('one two  three');
  });

  test('fails where it is told to', async () => {
    const outcome = await runOne({
      agents: [llmAgent('one')],
      request: { payload: { message: 'fail no credit' } },
    });
    expect(errorOf(outcome)).toEqual({ code: 'model-error', message: 'demo/scripted failed: no credit' });
  });

  test('says exactly what it is told, also where that does not fit the schema', async () => {
    const agent = llmAgent('one', { outputSchema: { type: 'object' } });
    const outcome = await runOne({ agents: [agent], request: { payload: { message: 'say not JSON' } } });
    expect(errorOf(outcome).code).toBe('output-invalid');
  });
});

describe('a demo value', () => {
  const schemas: Record<string, JsonObject> = {
    'an answer': {
      type: 'object',
      properties: { answer: { type: 'string' } },
      required: ['answer'],
      additionalProperties: false,
    },
    'an enumeration': { enum: ['low', 'high'] },
    'a constant': { const: { fixed: true } },
    'a nullable text': { type: ['string', 'null'], maxLength: 10 },
    'bounds of numbers': {
      type: 'object',
      properties: {
        score: { type: 'number', minimum: 0, maximum: 1 },
        ratio: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 0.5 },
        count: { type: 'integer', minimum: 3, multipleOf: 5 },
        below: { type: 'integer', exclusiveMaximum: -3 },
      },
      required: ['score', 'ratio', 'count', 'below'],
    },
    'formats and patterns': {
      type: 'object',
      properties: {
        at: { type: 'string', format: 'date-time' },
        day: { type: 'string', format: 'date' },
        mail: { type: 'string', format: 'email' },
        link: { type: 'string', format: 'uri' },
        id: { type: 'string', format: 'uuid' },
        currency: { type: 'string', pattern: '^[A-Z]{3}$' },
        code: { type: 'string', pattern: '^[A-Z]-\\d$' },
      },
    },
    lists: {
      type: 'object',
      properties: {
        tags: { type: 'array', items: { type: 'string' }, minItems: 3, uniqueItems: true },
        levels: { type: 'array', items: { enum: ['a', 'b', 'c'] }, minItems: 2, uniqueItems: true },
        none: { type: 'array', items: { type: 'string' }, maxItems: 0 },
      },
    },
    'references into itself': {
      $ref: '#/$defs/node',
      $defs: {
        node: {
          type: 'object',
          properties: {
            name: { type: 'string' },
            children: { type: 'array', items: { $ref: '#/$defs/node' } },
          },
          required: ['name', 'children'],
        },
      },
    },
    'parts and alternatives': {
      allOf: [
        { type: 'object', properties: { id: { type: 'integer' } }, required: ['id'] },
        { properties: { state: { anyOf: [{ const: 'open' }, { const: 'closed' }] } }, required: ['state'] },
      ],
    },
    'required fields that are not described': { type: 'object', required: ['anything'] },
  };

  test.each(Object.entries(schemas))('fits %s', (_, schema) => {
    expect(schemaCheck(schema)(demoValue(schema, 'demo text'))).toBeNull();
  });

  const { schema: anySchema } = fc.letrec<{ schema: JsonObject }>((tie) => ({
    schema: fc.oneof(
      { maxDepth: 4 },
      fc
        .record({ minLength: fc.nat(20) })
        .map(({ minLength }) => ({ type: 'string', minLength, maxLength: minLength + 3 })),
      fc
        .tuple(fc.integer(), fc.nat(1_000))
        .map(([minimum, span]) => ({ type: 'integer', minimum, maximum: minimum + span })),
      fc.uniqueArray(fc.string(), { minLength: 1 }).map((values) => ({ enum: values })),
      fc.constant({ type: 'boolean' }),
      fc.tuple(tie('schema'), fc.nat(3)).map(([items, minItems]) => ({ type: 'array', items, minItems })),
      fc
        .dictionary(fc.string({ minLength: 1 }), tie('schema'), { maxKeys: 4, noNullPrototype: true })
        .map((properties) => ({
          type: 'object',
          properties,
          required: Object.keys(properties),
          additionalProperties: false,
        })),
    ),
  }));

  test('fits every schema of texts, numbers, choices, lists and objects', () => {
    fc.assert(
      fc.property(anySchema, (schema) => {
        const plain = jsonObject.parse(JSON.parse(JSON.stringify(schema)));
        expect(schemaCheck(plain)(demoValue(plain, 'demo text'))).toBeNull();
      }),
    );
  });
});
