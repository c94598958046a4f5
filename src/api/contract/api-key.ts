import * as z from 'zod';
import { pageOf, pageQuery } from './page.ts';
import { role } from './role.ts';
import { isoTime } from './values.ts';

/** An API key, without the key itself. */
export const wireApiKey = z
  .object({
    id: z.string(),
    name: z.string().meta({ description: 'Identifies the caller in the audit log.' }),
    role,
    status: z.enum(['active', 'expired', 'revoked']),
    begins_with: z.string().meta({ description: 'The first characters of the key.' }),
    created_at: isoTime,
    created_by: z.string(),
    last_used_at: isoTime
      .nullable()
      .meta({ description: 'When the key was last used, to the hour; `null` if never.' }),
    expires_at: isoTime.nullable().meta({ description: '`null` if it does not expire.' }),
    revoked_at: isoTime.nullable(),
  })
  .meta({ id: 'ApiKey' });
export type WireApiKey = z.infer<typeof wireApiKey>;

/** The response to creation: the only one that contains the key. */
export const createdApiKey = wireApiKey
  .extend({ key: z.string().meta({ description: 'Not stored; it cannot be shown again.' }) })
  .meta({ id: 'CreatedApiKey' });
export type CreatedApiKey = z.infer<typeof createdApiKey>;

export const apiKeyPage = pageOf(wireApiKey);

export const apiKeyListQuery = z.strictObject(pageQuery);
export type ApiKeyListQuery = z.input<typeof apiKeyListQuery>;

/** Lifetimes below a minute or above ten years are probably typing errors. */
const lifeSeconds = { min: 60, max: 10 * 365 * 86_400 };

/**
 * Documentation only: the core checks the name together with all other fields, so that one response lists every
 * problem.
 */
const keyNamePattern = '^\\s*[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}\\s*$';

export const createApiKeyBody = z
  .strictObject({
    name: z
      .string()
      .max(200)
      .meta({ pattern: keyNamePattern, description: 'Must be unique among keys that are not revoked.' }),
    role,
    expires_in_seconds: z.int().min(lifeSeconds.min).max(lifeSeconds.max).nullable().default(null).meta({
      description: '`null` for a key that does not expire.',
    }),
  })
  .meta({ id: 'CreateApiKey' });
export type CreateApiKeyBody = z.input<typeof createApiKeyBody>;
