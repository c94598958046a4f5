import { Token } from 'aws-cdk-lib';
import * as z from 'zod';

/** Text that matches a pattern, or a CDK token for a deploy-time value such as another resource's ARN. */
export const formed = (form: RegExp, expected: string) =>
  z.string().refine((text) => Token.isUnresolved(text) || form.test(text), `expected ${expected}`);
