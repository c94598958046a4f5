import * as z from 'zod';
import { isJsonObject } from '../../core/json/json-value.ts';
import type { EndedRun } from '../../core/runs/run.ts';

/** One address or a list of addresses, with or without names. */
const recipients = z
  .union([z.string(), z.array(z.string())])
  .nullish()
  .transform((given) =>
    (given === null || given === undefined ? [] : [given].flat())
      .map((one) => one.trim())
      .filter((one) => one !== ''),
  );

const attachment = z.object({
  filename: z.string().min(1),
  content: z.string(),
  content_type: z.string().optional(),
  encoding: z.enum(['utf-8', 'base64']).default('base64'),
});

const body = z
  .object({
    to: recipients,
    cc: recipients,
    bcc: recipients,
    reply_to: recipients,
    subject: z.string().nullish(),
    body: z.string().nullish(),
    html_body: z.string().nullish(),
    attachments: z.array(attachment).nullish(),
  })
  .refine(({ body: text, html_body: html }) => (text ?? html ?? null) !== null, {
    path: ['body'],
    error: 'is required',
  });

/** The message that a result specifies. */
export type MailBody = z.infer<typeof body>;

export type MailBodyRead =
  | { readonly outcome: 'read'; readonly body: MailBody }
  /** `problem` is a sentence. */
  | { readonly outcome: 'invalid'; readonly problem: string };

/** The message that a run's output specifies: an object with its fields, or text that becomes its body. */
export function mailBodyOf({ output, status, error, agentName }: EndedRun): MailBodyRead {
  if (status !== 'completed') {
    const text = `The run of the agent "${agentName}" ended as ${status}: ${error?.message ?? 'no reason is known'}`;
    return { outcome: 'read', body: body.parse({ subject: `${agentName}: ${status}`, body: text }) };
  }
  const value = jsonOrText(output ?? '');
  const read = body.safeParse(isJsonObject(value) ? value : { body: output ?? '' });
  if (read.success) return { outcome: 'read', body: read.data };
  const problems = read.error.issues.map(({ path, message }) => `"${path.join('.')}" ${message}`);
  return { outcome: 'invalid', problem: `The result is no message: ${problems.join(', ')}.` };
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
