import { describe, expect, test } from '@jest/globals';
import { describeTools } from './describe-tools.ts';

function read(text: string) {
  return describeTools('orders', 'tools/orders.ts', text);
}

function parametersOf(inputType: string, declarations = '') {
  const { tools, problems } = read(`${declarations}\nexport async function find(input: ${inputType}) {}`);
  expect(problems).toEqual([]);
  return tools[0]?.parameters;
}

function problemOf(text: string) {
  const { problems } = read(text);
  expect(problems).toHaveLength(1);
  return problems[0];
}

describe('which exports are tools', () => {
  test('async functions, whichever way they are exported', () => {
    const { tools } = read(`
      export async function declared() {}
      export const held = async () => 1;
      export const held2 = async function () {};
      export function promised(): Promise<string> { return Promise.resolve(''); }
      async function local() {}
      const other = async () => 2;
      export { local as renamed, other };
    `);
    expect(tools.map(({ name }) => name)).toEqual([
      'orders.declared',
      'orders.held',
      'orders.held2',
      'orders.promised',
      'orders.renamed',
      'orders.other',
    ]);
  });

  test('not values, types, classes, generators, local functions, or what other files export', () => {
    const { tools, notAsync, problems } = read(`
      export const limit = 3;
      export type Order = { id: string };
      export class Shop {}
      export async function* stream() {}
      export { find } from './lib/find.ts';
      export * from './lib/more.ts';
      async function local() {}
      export default async function () {}
      export function format(price: number) { return String(price); }
    `);
    expect({ tools, problems }).toEqual({ tools: [], problems: [] });
    expect(notAsync).toEqual(['orders.format']);
  });
});

describe('what a model is told of a tool', () => {
  test('its doc comment, the types of its parameters, and their comments', () => {
    const { tools, problems } = read(`
      interface Query {
        /** The order's number, as on the invoice. */
        orderId: string;
        includeItems?: boolean;
        limit: number;
      }

      /**
       * Looks up an order.
       * Use it before you answer a question about one.
       *
       * @param input.limit how many
       *   lines at most
       * @param orderId is not used: the property has its own comment
       * @returns the order
       */
      export async function findOrder({ orderId, limit }: Query, context: { run_id: string }) {
        return [orderId, limit, context];
      }
    `);
    expect(problems).toEqual([]);
    expect(tools).toEqual([
      {
        name: 'orders.findOrder',
        description: 'Looks up an order.\nUse it before you answer a question about one.',
        parameters: {
          type: 'object',
          properties: {
            orderId: { type: 'string', description: "The order's number, as on the invoice." },
            includeItems: { type: 'boolean' },
            limit: { type: 'number', description: 'how many lines at most' },
          },
          required: ['orderId', 'limit'],
        },
      },
    ]);
  });

  test('nothing where it says nothing: no comment, no parameter', () => {
    expect(read('// not a doc comment\nexport async function ping() {}').tools).toEqual([
      { name: 'orders.ping', description: '', parameters: { type: 'object', properties: {} } },
    ]);
  });
});

describe('types that a model can be told of', () => {
  test.each([
    ['string', { type: 'string' }],
    ['"a" | "b"', { type: 'string', enum: ['a', 'b'] }],
    ['1 | -2', { type: 'number', enum: [1, -2] }],
    ['string | number', { anyOf: [{ type: 'string' }, { type: 'number' }] }],
    ['string | null', { anyOf: [{ type: 'string' }, { type: 'null' }] }],
    ['string | undefined', { type: 'string' }],
    ['"a" | string', { anyOf: [{ type: 'string', enum: ['a'] }, { type: 'string' }] }],
    ['string[]', { type: 'array', items: { type: 'string' } }],
    [
      'readonly (string | boolean)[]',
      { type: 'array', items: { anyOf: [{ type: 'string' }, { type: 'boolean' }] } },
    ],
    ['ReadonlyArray<number>', { type: 'array', items: { type: 'number' } }],
    [
      '[x: number, y: number]',
      {
        type: 'array',
        items: [{ type: 'number' }, { type: 'number' }],
        additionalItems: false,
        minItems: 2,
        maxItems: 2,
      },
    ],
    ['Record<string, number>', { type: 'object', additionalProperties: { type: 'number' } }],
    [
      '{ [sku: string]: number }',
      { type: 'object', properties: {}, additionalProperties: { type: 'number' } },
    ],
    ['unknown', {}],
    [
      '{ a: { "b c": true } }',
      {
        type: 'object',
        properties: {
          a: { type: 'object', properties: { 'b c': { type: 'boolean', enum: [true] } }, required: ['b c'] },
        },
        required: ['a'],
      },
    ],
  ])('%s', (type, schema) => {
    expect(parametersOf(`{ value: ${type} }`)).toEqual({
      type: 'object',
      properties: { value: schema },
      required: ['value'],
    });
  });

  test('interfaces that extend, intersections, Partial and Readonly', () => {
    const declarations = `
      interface Base { id: string }
      export interface Order extends Base { total: number }
      type Page = Partial<{ limit: number }>;
    `;
    expect(parametersOf('Readonly<Order & Page>', declarations)).toEqual({
      type: 'object',
      properties: { id: { type: 'string' }, total: { type: 'number' }, limit: { type: 'number' } },
      required: ['id', 'total'],
    });
  });

  test.each(['unknown', 'any', 'object', 'Record<string, unknown>'])('%s takes any object', (type) => {
    expect(parametersOf(type)).toMatchObject({ type: 'object', properties: {} });
  });
});

describe('what a model cannot be told of is a problem with its line and parameter', () => {
  test.each([
    ['Date', '"Date" has no form in JSON; use string and name the format in a comment.'],
    ['Map<string, string>', '"Map" has no form in JSON; use Record<string, ...>.'],
    ['Uint8Array', '"Uint8Array" has no form in JSON; use string with base64.'],
    ['bigint', '"bigint" has no form in JSON.'],
    ['() => void', '"() => void" has no form in JSON.'],
    ['unique symbol', '"unique" types have no JSON Schema.'],
    [
      'Order',
      'The type "Order" is not declared in this file, where it has to be for a model to be told of it.',
    ],
    ['Tree', 'The type "Tree" contains itself, so it has no JSON Schema.'],
    ['Box<string>', 'The generic type "Box" has no JSON Schema.'],
    ['keyof Tree2', '"keyof" types have no JSON Schema.'],
    ['[string, ...number[]]', 'A tuple of varying length has no JSON Schema.'],
    ['{ run(): void }', 'A function cannot be a parameter.'],
    ['{ a: string } & string', 'Only object types can be joined with "&".'],
  ])('%s', (type, message) => {
    const problem = problemOf(
      [
        'type Tree = { children: Tree };',
        'type Box<T> = { value: T };',
        'interface Tree2 { a: string }',
        `export async function find(input: { when: ${type} }) {}`,
      ].join('\n'),
    );
    expect(problem).toMatchObject({ file: 'tools/orders.ts', message });
    expect(problem?.field).toMatch(/^find\.input\.when/);
    expect(problem?.line).toBe(type === 'Tree' ? 1 : 4);
  });

  test.each([
    ['(input)', "The first parameter needs a type, which describes the tool's input to a model."],
    [
      '(...input: string[])',
      "The first parameter needs a type, which describes the tool's input to a model.",
    ],
    [
      '(input: string)',
      'The first parameter must be one object type, because a model passes arguments by name.',
    ],
    [
      '(input: { a: string } | { b: string })',
      'The first parameter must be one object type, because a model passes arguments by name.',
    ],
  ])('a tool that is declared with %s', (params, message) => {
    expect(problemOf(`\nexport const find = async ${params} => input;`)).toEqual({
      file: 'tools/orders.ts',
      line: 2,
      field: 'find.input',
      message,
    });
  });

  test('a third parameter', () => {
    expect(problemOf('export async function find(input: {}, context: {}, more: string) {}')).toMatchObject({
      field: 'find.parameters',
      message: 'A tool takes at most two parameters, (input, context).',
    });
  });

  test('a file that is not TypeScript', () => {
    const problem = problemOf('export async function find( {}\n');
    expect(problem).toMatchObject({ file: 'tools/orders.ts', line: 2, field: null });
    expect(problem?.message).toMatch(/^This is not valid TypeScript: ./);
  });
});
