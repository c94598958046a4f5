import * as z from 'zod';
import { formed } from '../../settings/formed-text.ts';
import { list } from '../../settings/setting-forms.ts';
import type { S3Props } from './s3-props.ts';

/** The settings of S3; `S3Props` documents each one. */
export const s3Fields = {
  s3Buckets: list
    .pipe(z.array(formed(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'names of S3 buckets')))
    .default([]),
} satisfies Readonly<Record<keyof S3Props, z.ZodType>>;

export type S3Settings = Readonly<z.output<z.ZodObject<typeof s3Fields>>>;
