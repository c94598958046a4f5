import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { checkConfig } from './check-config.ts';
import { fieldsOf } from './read-schema.ts';

const schema = z.strictObject({
  url: z.url(),
  name: z
    .string()
    .regex(/^[a-z]+$/)
    .min(2)
    .optional(),
  size: z.int().min(1).max(5).default(3),
  statuses: z
    .array(z.enum(['completed', 'failed']))
    .min(1)
    .default(['completed']),
  limit: z
    .strictObject({ requests: z.int().min(1) })
    .nullable()
    .default(null),
  auth: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('none') }),
      z.strictObject({ type: z.literal('hmac'), header: z.string() }),
    ])
    .default({ type: 'none' }),
});
const fields = fieldsOf(JSON.parse(JSON.stringify(z.toJSONSchema(schema, { io: 'input' }))));

describe('what is said while somebody types', () => {
  test.each([
    [{}, { url: 'Required.' }],
    [{ url: 'example.com' }, { url: 'Enter a full URL, such as https://example.com/hooks.' }],
    [{ url: 'https://a.example', name: 'x' }, { name: 'Must be at least 2 characters.' }],
    [{ url: 'https://a.example', name: 'A1' }, { name: 'Contains characters that are not allowed.' }],
    [{ url: 'https://a.example', size: 9 }, { size: 'Must be at most 5.' }],
    [{ url: 'https://a.example', size: 0 }, { size: 'Must be at least 1.' }],
    [{ url: 'https://a.example', size: 1.5 }, { size: 'Enter a whole number.' }],
    [{ url: 'https://a.example', statuses: [] }, { statuses: 'Select at least 1.' }],
    [{ url: 'https://a.example', limit: {} }, { 'limit.requests': 'Required.' }],
    [{ url: 'https://a.example', auth: { type: 'hmac' } }, { 'auth.header': 'Required.' }],
  ])('%j: %j', (config, problems) => {
    expect(checkConfig(fields, config)).toEqual(problems);
    expect(schema.safeParse(config).success).toBe(false);
  });

  test('sizes are limited in the unit in which they are shown', () => {
    const size = z.int().min(1_024).max(104_857_600).meta({ title: 'Body size', unit: 'bytes' });
    const sized = fieldsOf(
      JSON.parse(JSON.stringify(z.toJSONSchema(z.strictObject({ size }), { io: 'input' }))),
    );
    expect(sized).toMatchObject([{ title: 'Body size (MB)', perShown: 1_048_576 }]);
    expect(checkConfig(sized, { size: 104_857_601 })).toEqual({ size: 'Must be at most 100.' });
    expect(checkConfig(sized, { size: 26_214_400 })).toEqual({});
  });

  test('a number that is no quantity has no separators', () => {
    const port = z.int().max(65_535).meta({ title: 'Port', quantity: false });
    const limited = fieldsOf(JSON.parse(JSON.stringify(z.toJSONSchema(z.strictObject({ port })))));
    expect(limited).toMatchObject([{ isQuantity: false }]);
    expect(checkConfig(limited, { port: 70_000 })).toEqual({ port: 'Must be at most 65535.' });
  });

  test.each([
    [{ url: 'https://a.example' }],
    [{ url: 'https://a.example', limit: null, auth: { type: 'none' } }],
    [{ url: 'https://a.example', limit: { requests: 3 }, auth: { type: 'hmac', header: 'x-signature' } }],
  ])('nothing of %j', (config) => {
    expect(checkConfig(fields, config)).toEqual({});
    expect(schema.safeParse(config).success).toBe(true);
  });
});
