import { expect, test } from '@jest/globals';
import * as z from 'zod';
import { templateOf } from './synthesized.ts';

const deployedFunction = z.object({
  Properties: z.object({
    Environment: z.object({ Variables: z.looseObject({ POWERTOOLS_SERVICE_NAME: z.string().optional() }) }),
  }),
  DependsOn: z.array(z.string()).default([]),
});

test.each([{}, { kafka: true }])(
  'with %j a deployment brings new agents to the management API last, so that no function meets a link that it does not know',
  (settings) => {
    const byService = new Map(
      Object.entries(templateOf(settings).findResources('AWS::Lambda::Function')).flatMap(
        ([id, resource]) => {
          const { data } = deployedFunction.safeParse(resource);
          const service = data?.Properties.Environment.Variables.POWERTOOLS_SERVICE_NAME;
          return data === undefined || service === undefined ? [] : [[service, { id, ...data }] as const];
        },
      ),
    );
    const others = [...byService].filter(([service]) => service !== 'api').map(([, { id }]) => id);
    expect(others.length).toBeGreaterThanOrEqual(8);
    expect(byService.get('api')?.DependsOn).toEqual(expect.arrayContaining(others));
  },
);
