import { type Command, InvalidArgumentError, Option } from 'commander';
import type { RescheduleBody } from '../api/contract/index.ts';
import { parseSeconds } from './argument-values.ts';

/** What `--at` and `--in` say about the time of a run. */
export interface WhenOptions {
  /** ISO 8601. */
  readonly at?: string;
  /** Seconds. */
  readonly in?: number;
}

/** Adds `--at` and `--in` to a command. */
export function addWhenOptions(command: Command): Command {
  return command
    .addOption(new Option('--at <time>', 'when the run is due (2026-12-24T18:00Z)').argParser(parseTime))
    .addOption(
      new Option('--in <duration>', 'how long from now it is due (90s, 15m, 24h, 7d)')
        .argParser(parseSeconds)
        .conflicts('at'),
    );
}

/** The fields of a request that say when a run is due. */
export function whenOf(options: WhenOptions): RescheduleBody {
  return {
    ...(options.at === undefined ? {} : { at: options.at }),
    ...(options.in === undefined ? {} : { delay_seconds: options.in }),
  };
}

/** Parses a time (`2026-12-24`, `2026-12-24T18:00Z`) into ISO 8601. */
function parseTime(text: string): string {
  const time = Date.parse(text);
  if (Number.isFinite(time)) return new Date(time).toISOString();
  throw new InvalidArgumentError('Expected a time, such as 2026-12-24T18:00Z.');
}
