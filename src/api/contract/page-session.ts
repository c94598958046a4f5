import * as z from 'zod';
import { wireCaller } from './caller.ts';
import { isoTime, orNull } from './values.ts';

export const startSessionBody = z
  .strictObject({
    code: z.string().max(200).optional().meta({ description: 'From a sign-in link, in place of a token.' }),
  })
  .meta({ id: 'StartSession' });

export const pageSession = z
  .object({ caller: orNull(wireCaller).meta({ description: 'Who is signed in; `null` if nobody is.' }) })
  .meta({ id: 'PageSession' });
export type WirePageSession = z.infer<typeof pageSession>;

export const signInLink = z
  .object({
    path: z.string().meta({ description: 'Below the address of the dashboard. Opens it signed in, once.' }),
    expires_at: isoTime,
  })
  .meta({ id: 'SignInLink' });
