import { Token } from 'aws-cdk-lib';
import * as z from 'zod';

/** Text of a form, or what stands in an app for a value that is known at deploy time only, such as another's ARN. */
export const formed = (form: RegExp, expected: string) =>
  z.string().refine((text) => Token.isUnresolved(text) || form.test(text), `expected ${expected}`);
