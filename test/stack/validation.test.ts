import { afterAll, describe, expect, test } from '@jest/globals';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { templates } from './linted-templates.ts';
import { makeStack, removeAssemblies } from './synthesized.ts';

afterAll(removeAssemblies);

/** What it finds is only written to the terminal by default. */
const validated = {
  builtinCloudFormationValidation: true,
  context: { '@aws-cdk/core:validateAgainstDefaultRules': true },
};

const kafka = {
  kafka: true,
  kafkaClusterArns: [
    'arn:aws:kafka:eu-west-1:111122223333:cluster/orders/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9-3',
  ],
};

describe('the validation that the CDK does at each synth', () => {
  test.each(Object.entries({ ...templates, 'a deployment with Kafka': kafka }))(
    'finds nothing in %s',
    (_, settings) => {
      const { app } = makeStack(settings, validated);
      expect(() => app.synth()).not.toThrow();
    },
  );

  test('finds a value that no service takes', () => {
    const { app, stack } = makeStack({}, validated);
    new CfnQueue(stack, 'Wrong', { visibilityTimeout: 100_000 });
    expect(() => app.synth()).toThrow('100000 is greater than the maximum of 43200');
  });
});
