import * as z from 'zod';
import { attentionKinds } from '../../core/attention/attention-item.ts';
import { nextCursor } from './page.ts';
import { isoTime } from './values.ts';

/** Something that needs an operator's attention. */
export const wireAttentionItem = z
  .object({
    kind: z.enum(attentionKinds),
    subject: z
      .string()
      .nullable()
      .meta({ description: 'Id of the connector or budget, or name of the agent.' }),
    title: z.string(),
    reason: z.string().meta({ description: 'What is wrong, in one sentence.' }),
    since: isoTime.nullable(),
    what_to_do: z.string(),
  })
  .meta({ id: 'AttentionItem' });
export type WireAttentionItem = z.infer<typeof wireAttentionItem>;

/** Everything that needs attention, in one page. */
export const attentionList = z.object({ items: z.array(wireAttentionItem), next_cursor: nextCursor });
export type AttentionList = z.infer<typeof attentionList>;
