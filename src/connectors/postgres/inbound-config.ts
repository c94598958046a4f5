import * as z from 'zod';
import { parseOnce } from '../../core/connectors/connector-config.ts';
import { connectionFields } from './connection-config.ts';

const name = z.string().min(1).max(63);

export const inboundFields = z.strictObject({
  ...connectionFields,
  channel: name.exactOptional().meta({
    title: 'Channel',
    description: 'Each NOTIFY on this channel is an event. Not on AWS. Use either a channel or a table.',
  }),
  table: z.string().min(1).max(130).exactOptional().meta({
    title: 'Table',
    description:
      'Each new row of this table or view is an event. With a schema, if it is not public: sales.orders.',
  }),
  cursor_column: name.exactOptional().meta({
    title: 'Cursor column',
    description:
      'A column whose values rise with each new row, such as a serial id or created_at. It should have an index.',
  }),
  columns: z.array(name).min(1).max(200).exactOptional().meta({
    title: 'Columns',
    description: 'Columns of the payload. Default: all.',
  }),
  where: z
    .string()
    .trim()
    .min(1)
    .max(4_096)
    .exactOptional()
    .meta({
      title: 'Condition',
      description: 'Only rows for which this SQL expression is true.',
      examples: ["status = 'paid'"],
    }),
  poll_seconds: z.int().min(1).max(86_400).default(30).meta({
    title: 'Interval (seconds)',
    description: 'How often to look for new rows; on AWS, at most once per minute.',
  }),
});

const ofTable = ['cursor_column', 'columns', 'where'] as const;

/** Requires either a channel, or a table with its cursor column. */
export const inboundConfig = inboundFields.superRefine((config, context) => {
  const issue = (field: string, message: string) =>
    context.addIssue({ code: 'custom', path: [field], message });
  const { channel, table } = config;
  if ((channel === undefined) === (table === undefined)) {
    issue(channel === undefined ? 'table' : 'channel', 'Use either a channel or a table.');
  } else if (table !== undefined && config.cursor_column === undefined) {
    issue('cursor_column', 'is required with a table');
  } else if (channel !== undefined) {
    for (const field of ofTable)
      if (config[field] !== undefined) issue(field, 'can be used only with a table');
  }
});

const storedFields = inboundFields.omit({ password: true }).loose();
export type InboundConfig = z.infer<typeof storedFields>;

/** The configuration of an inbound connector. @throws ZodError where the stored one is not valid */
export const inboundConfigOf = parseOnce((config): InboundConfig => storedFields.parse(config));
