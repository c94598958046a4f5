import { describe, expect, test } from '@jest/globals';
import { Stack, Validations } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { makeStack } from './synthesized.ts';

describe('the AwsSolutions pack of cdk-nag', () => {
  test('finds nothing in the stack that is not suppressed with a reason', () => {
    const { app } = makeStack();
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).not.toThrow();
  });

  test('finds what is not', () => {
    const { app } = makeStack();
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    new Queue(new Stack(app, 'Careless'), 'NoTransportEncryption');
    expect(() => app.synth()).toThrow();
  });
});
