import { destination, pino, stdTimeFunctions } from 'pino';
import { escapeControls } from '../core/control-characters.ts';
import type { Log } from '../core/ports/log.ts';
import { terminalLines } from './terminal-lines.ts';

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
