import { createColors } from 'picocolors';
import { type DestinationStream, destination, pino, stdTimeFunctions } from 'pino';
import * as z from 'zod';
import { escapeControls } from '../core/control-characters.ts';
import type { Log } from '../core/ports/log.ts';

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** The product's log, plus a debug level that operators turn on to investigate. */
export interface ServerLog extends Log {
  readonly level: LogLevel;
  debug(event: string, fields: Readonly<Record<string, unknown>>): void;
}

export interface LogOptions {
  readonly level: LogLevel;
  /** One human-readable line per event, instead of one JSON object. */
  readonly pretty: boolean;
  /** Default: standard output. */
  readonly write?: (text: string) => void;
}

/**
 * Fields that no event may contain; the values of any that do are removed. Each has its full path: a wildcard costs
 * more than the rest of a line.
 */
const secretFields = ['authorization', 'cookie', 'password', 'secret', 'signature', 'token', 'api_key'];

/** Output for a person: each line is written immediately. */
const atOnce = { sync: true };
/** Buffered output for a machine, flushed every `periodicFlush` ms and at exit: a write costs more than a line. */
const inPieces = { sync: false, minLength: 8_192, periodicFlush: 200 };

/** The log of the process: one wide line per event. */
export function createLog({ level, pretty, write }: LogOptions): ServerLog {
  const raw = write === undefined ? destination(pretty ? atOnce : inPieces) : { write };
  const logger = pino(
    {
      level,
      base: null,
      messageKey: 'event',
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: secretFields.flatMap((field) => [field, `headers.${field}`, `config.${field}`]),
        censor: '[left out]',
      },
    },
    pretty ? terminalLines(raw) : { write: (line: string) => raw.write(escapeControls(line)) },
  );
  return {
    level,
    debug: (event, fields) => logger.debug(fields, event),
    info: (event, fields) => logger.info(fields, event),
    warn: (event, fields) => logger.warn(fields, event),
    error: (event, fields) => logger.error(fields, event),
  };
}

const logged = z.looseObject({ level: z.string(), time: z.string(), event: z.string().default('') });

/**
 * Turns the log's JSON lines into lines for a person: time of day, level, event, and fields with a value. Coloured if
 * the terminal supports it (and `NO_COLOR` is not set).
 */
function terminalLines(raw: DestinationStream): DestinationStream {
  const paint = createColors();
  const paintLevel: Readonly<Record<string, (text: string) => string>> = {
    debug: paint.dim,
    info: paint.green,
    warn: paint.yellow,
    error: paint.red,
  };
  return {
    write(line) {
      const parsed = logged.safeParse(JSON.parse(line));
      if (!parsed.success) return raw.write(line);
      const { level, time, event, stack, ...fields } = parsed.data;
      const label = (paintLevel[level] ?? String)(level.padEnd(5));
      const text = `${paint.dim(time.slice(11, 19))} ${label} ${oneLine(event)} ${paint.dim(fieldsText(fields))}`;
      raw.write(`${text.trimEnd()}\n${typeof stack === 'string' ? `${paint.dim(below(stack))}\n` : ''}`);
    },
  };
}

function fieldsText(fields: Readonly<Record<string, unknown>>): string {
  const text = Object.entries(fields)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? quoted(value) : JSON.stringify(value)}`)
    .join(' ');
  return oneLine(text);
}

/** Prevents foreign text in a line from controlling the terminal or imitating another line. */
function oneLine(text: string): string {
  return escapeControls(text.replaceAll('\n', '\\n'));
}

/** An error message may contain a sender's text; indented, none of its lines looks like a log line. */
function below(stack: string): string {
  return escapeControls(stack).replaceAll(/^/gm, '    ');
}

function quoted(text: string): string {
  return /[\s"=]/.test(text) ? JSON.stringify(text) : text;
}
