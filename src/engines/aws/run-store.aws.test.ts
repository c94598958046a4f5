import { expect, test } from '@jest/globals';
import { createResources } from '../../../test/aws/engine-resources.ts';
import { awsClients } from './clients.ts';

test('smoke', async () => {
  const r = await createResources(awsClients());
  expect(r.runQueueUrl).toContain('http');
});
