import { createColors } from 'picocolors';
import type { DestinationStream } from 'pino';
import * as z from 'zod';
import { escapeControls } from '../core/control-characters.ts';

const logged = z.looseObject({ level: z.string(), time: z.string(), event: z.string().default('') });

/**
 * Turns the log's JSON lines into lines for a person: time of day, level, event, and fields with a value. Coloured if
 * the terminal supports it (and `NO_COLOR` is not set).
 */
export function terminalLines(raw: DestinationStream): DestinationStream {
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
