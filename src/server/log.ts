import { destination, pino, stdTimeFunctions } from 'pino';
import { escapeControls } from '../core/control-characters.ts';
import type { Log } from '../core/ports/log.ts';
import { terminalLines } from './terminal-lines.ts';

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** The product's log, with the level that only operators who look for something turn on. */
export interface ServerLog extends Log {
  readonly level: LogLevel;
  debug(event: string, fields: Readonly<Record<string, unknown>>): void;
}

export interface LogOptions {
  readonly level: LogLevel;
  /** One line a person reads per event, instead of one JSON object. */
  readonly pretty: boolean;
  /** Default: standard output. */
  readonly write?: (text: string) => void;
}

/**
 * Fields that no event may carry; should one, its value is left out. Each is named with its whole path: a wildcard costs
 * more than all the rest of a line.
 */
const secretFields = ['authorization', 'cookie', 'password', 'secret', 'signature', 'token', 'api_key'];

/** How lines get to standard output: for a person, each as it is written. */
const atOnce = { sync: true };
/** For a machine in pieces, at the latest after `periodicFlush` ms and when the process ends: a write costs more than a line. */
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
