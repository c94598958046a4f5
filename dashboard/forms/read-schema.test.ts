import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { fieldsOf } from './read-schema.ts';

/** The fields that a form reads from a zod shape, sent as JSON Schema. */
function fieldsFor(shape: z.ZodRawShape) {
  return fieldsOf(JSON.parse(JSON.stringify(z.toJSONSchema(z.strictObject(shape), { io: 'input' }))));
}

describe('the form of a configuration', () => {
  test('a text carries its rules', () => {
    const url = z.url().max(20).meta({ title: 'URL', description: 'Where to.' });
    expect(fieldsFor({ url })).toMatchObject([
      {
        kind: 'text',
        name: 'url',
        title: 'URL',
        description: 'Where to.',
        required: true,
        format: 'uri',
        maxLength: 20,
      },
    ]);
  });

  test('what has a default is not required, and knows it', () => {
    const [timeout] = fieldsFor({ timeout_seconds: z.int().min(1).max(30).default(15) });
    expect(timeout).toMatchObject({
      kind: 'number',
      whole: true,
      min: 1,
      max: 30,
      required: false,
      defaultValue: 15,
    });
  });

  test('a secret text is known as one', () => {
    const [secret] = fieldsFor({ key: z.string().optional().meta({ secret: true }) });
    expect(secret).toMatchObject({ kind: 'text', secret: true, required: false });
  });

  test('a setting that can be off is nullable, whatever it is', () => {
    const limit = z.strictObject({ requests: z.int() }).nullable().default(null);
    const header = z.string().nullable().default(null);
    expect(fieldsFor({ limit, header })).toMatchObject([
      { kind: 'group', nullable: true, fields: [{ name: 'requests' }] },
      { kind: 'text', nullable: true },
    ]);
  });

  test('a discriminated union becomes variants with their own fields', () => {
    const auth = z.discriminatedUnion('type', [
      z.strictObject({
        type: z.literal('none').meta({ title: 'None', description: 'Whoever knows the URL.' }),
      }),
      z.strictObject({ type: z.literal('hmac'), header: z.string() }),
    ]);
    expect(fieldsFor({ auth })).toMatchObject([
      {
        kind: 'variant',
        tag: 'type',
        variants: [
          { value: 'none', title: 'None', description: 'Whoever knows the URL.', fields: [] },
          { value: 'hmac', title: 'hmac', fields: [{ kind: 'text', name: 'header' }] },
        ],
      },
    ]);
  });

  test('choices, lists, pairs and switches each have their control; anything else is JSON', () => {
    const shape = {
      one: z.enum(['a', 'b']),
      several: z.array(z.enum(['a', 'b'])).min(1),
      list: z.array(z.string()).meta({ reference: 'connector' }),
      pairs: z.record(z.string(), z.string()),
      on: z.boolean(),
      anything: z.array(z.array(z.number())),
    };
    expect(fieldsFor(shape)).toMatchObject([
      { kind: 'choice', choices: [{ value: 'a' }, { value: 'b' }] },
      { kind: 'several', minItems: 1 },
      { kind: 'list', reference: 'connector' },
      { kind: 'pairs' },
      { kind: 'switch' },
      { kind: 'json' },
    ]);
  });
});
