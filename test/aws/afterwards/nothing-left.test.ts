import { expect, test } from '@jest/globals';
import { leftovers } from '../leftovers.ts';

test('a destroyed deployment leaves nothing in the account', async () => {
  expect(await leftovers({ endpoint: process.env['AWS_ENDPOINT_URL'] ?? '' })).toEqual([]);
});
