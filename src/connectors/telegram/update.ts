import * as z from 'zod';

/** Update kinds that start runs. */
export const updateKinds = ['message', 'edited_message', 'callback_query'] as const;

const user = z.object({
  id: z.number(),
  is_bot: z.boolean().optional(),
  username: z.string().optional(),
  first_name: z.string().optional(),
  last_name: z.string().optional(),
});

/** A file in a message (core.telegram.org/bots/api, "Document"). */
const document = z.object({
  file_id: z.string(),
  file_name: z.string().optional(),
  mime_type: z.string().optional(),
  file_size: z.number().optional(),
});
export type Document = z.infer<typeof document>;

const message = z.object({
  message_id: z.number(),
  date: z.number().nonnegative().max(1e11),
  edit_date: z.number().nonnegative().max(1e11).optional(),
  chat: z.object({ id: z.number(), type: z.string() }),
  from: user.optional(),
  text: z.string().optional(),
  caption: z.string().optional(),
  message_thread_id: z.number().optional(),
  is_topic_message: z.boolean().optional(),
  document: document.optional(),
  audio: document.optional(),
  voice: document.optional(),
  video: document.optional(),
  /** The same picture in several sizes, the largest last. */
  photo: z.array(document).optional(),
});
export type Message = z.infer<typeof message>;

/** The fields used here of core.telegram.org/bots/api, "Update". */
export const update = z.object({
  update_id: z.int().nonnegative(),
  message: message.optional(),
  edited_message: message.optional(),
  callback_query: z
    .object({
      id: z.string().max(256),
      from: user,
      data: z.string().optional(),
      message: message.optional().catch(undefined),
    })
    .optional(),
});

/** An update that starts runs, in the same form for every kind. */
export interface ReadUpdate {
  readonly updateId: number;
  readonly text: string;
  readonly from: z.infer<typeof user> | null;
  /** For a click, the message with the button, if it still exists. */
  readonly message: Message | null;
  /** The id of a click, which must be answered; `null` for a message. */
  readonly clickId: string | null;
  /** Unix ms; `null` if the update has no time. */
  readonly timeMs: number | null;
}

/** `null` for other kinds of updates. */
export function readUpdate(parsed: z.infer<typeof update>): ReadUpdate | null {
  const { update_id: updateId, callback_query: click } = parsed;
  if (click !== undefined) {
    const { id: clickId, from, data = '', message: clicked = null } = click;
    return { updateId, text: data, from, message: clicked, clickId, timeMs: null };
  }
  const sent = parsed.message ?? parsed.edited_message;
  if (sent === undefined) return null;
  return {
    updateId,
    text: sent.text ?? sent.caption ?? '',
    from: sent.from ?? null,
    message: sent,
    clickId: null,
    timeMs: (sent.edit_date ?? sent.date) * 1_000,
  };
}
