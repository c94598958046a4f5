import type { WriteStream } from 'node:tty';
import pico from 'picocolors';

type Target = Pick<WriteStream, 'isTTY'> | NodeJS.WriteStream;

/** Colours for one stream: only on a terminal, and never if `NO_COLOR` is set (no-color.org). */
export function colours(stream: Target): ReturnType<typeof pico.createColors> {
  const wanted = !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb';
  return pico.createColors(stream.isTTY === true && wanted);
}
