import * as z from 'zod';
import type { JsonObject } from '../../core/json/json-value.ts';

// docs.discord.com, "Receiving and Responding to Interactions".

export const kinds = { ping: 1, command: 2, component: 3, autocomplete: 4, modal: 5 } as const;

export const answers = { pong: 1, message: 4, deferred: 5, choices: 8 } as const;

/** The message flag of what only one person sees. */
export const ephemeralFlag = 64;

const snowflake = z.string().regex(/^\d{17,20}$/);

/** Types of the options of a command. */
const optionTypes = { subcommand: 1, group: 2, text: 3, attachment: 11 } as const;

const option = z.object({
  name: z.string(),
  type: z.int(),
  value: z.union([z.string(), z.number(), z.boolean()]).optional(),
  get options() {
    return z.array(option).optional();
  },
});
type Option = z.infer<typeof option>;

const attachment = z.object({ filename: z.string(), url: z.string(), content_type: z.string().optional() });

const user = z.object({ id: snowflake, username: z.string() });

/** The fields used here of an interaction by a command. */
export const commandInteraction = z.object({
  id: snowflake,
  application_id: snowflake,
  /** Lets its holder answer the interaction; test requests have none. */
  token: z.string().min(1).max(1_024).optional(),
  guild_id: snowflake.optional(),
  channel_id: snowflake.optional(),
  member: z.object({ user }).optional(),
  user: user.optional(),
  data: z.object({
    name: z.string(),
    options: z.array(option).optional(),
    /** The message or user of a command in a menu. */
    target_id: snowflake.optional(),
    resolved: z
      .object({
        messages: z.record(z.string(), z.object({ content: z.string().optional() })).optional(),
        attachments: z.record(z.string(), attachment).optional(),
      })
      .optional(),
  }),
});
export type CommandInteraction = z.infer<typeof commandInteraction>;

/** What a person has entered. */
export interface ReadCommand {
  /** With its subcommands: `orders late`. */
  readonly command: string;
  readonly text: string;
  readonly options: JsonObject;
  readonly attachments: readonly { readonly optionName: string; readonly file: z.infer<typeof attachment> }[];
}

export function readCommand({ data }: CommandInteraction): ReadCommand {
  const { names, options } = withoutSubcommands([data.name], data.options ?? []);
  const { resolved, target_id: target = '' } = data;
  const texts = options.filter(({ type }) => type === optionTypes.text).map(({ value }) => String(value));
  return {
    command: names.join(' '),
    text: resolved?.messages?.[target]?.content ?? texts.join(' '),
    options: Object.fromEntries(options.map(({ name, value = null }) => [name, value])),
    attachments: options.flatMap(({ name, type, value }) => {
      const file = type === optionTypes.attachment ? resolved?.attachments?.[String(value)] : undefined;
      return file === undefined ? [] : [{ optionName: name, file }];
    }),
  };
}

function withoutSubcommands(names: readonly string[], options: readonly Option[]) {
  const [first] = options;
  if (first?.type !== optionTypes.subcommand && first?.type !== optionTypes.group) return { names, options };
  return withoutSubcommands([...names, first.name], first.options ?? []);
}

/** Unix ms of the first snowflake (docs.discord.com, "Reference", "Snowflakes"). */
const epochMs = 1_420_070_400_000;

/** When Discord made an ID, in Unix ms. */
export function timeOf(id: string): number {
  return Number(BigInt(id) >> 22n) + epochMs;
}

/** An ID as Discord makes them. @param now Unix ms @param number tells IDs of the same millisecond apart */
export function snowflakeAt(now: number, number: number): string {
  return String((BigInt(now - epochMs) << 22n) | BigInt(number & 0x3f_ff_ff));
}
