import { cpus, totalmem } from 'node:os';
import pc from 'picocolors';

/** A measured number, with its budget if it has one. */
export interface Finding {
  readonly what: string;
  readonly measured: string;
  /** In words, as in the architecture document. */
  readonly budget?: { readonly text: string; readonly kept: boolean };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  const next = sorted[Math.ceil((sorted.length - 1) / 2)] ?? Number.NaN;
  return (middle + next) / 2;
}

/** The time that 99 of 100 take at most. */
export function p99(times: readonly number[]): number {
  return [...times].sort((one, other) => one - other)[Math.floor(times.length * 0.99)] ?? Number.NaN;
}

/** @param times in ms */
export function timesText(times: readonly number[]): string {
  return `median ${readable(median(times))} ms, p99 ${readable(p99(times))} ms`;
}

/** A readable number: 27,431 or 0.53. */
export function readable(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 2 : 0 });
}

export function printMachine(): void {
  const [cpu] = cpus();
  const memory = `${Math.round(totalmem() / 1024 ** 3)} GB`;
  console.log(`Node ${process.versions.node}, ${cpus().length} x ${cpu?.model.trim() || 'CPU'}, ${memory}\n`);
}

export function printFindings(title: string, findings: readonly Finding[]): void {
  console.log(pc.bold(title));
  for (const { what, measured, budget } of findings) {
    const verdict = budget?.kept ? pc.green('kept') : pc.red('missed');
    console.log(
      `  ${what}: ${measured}${budget === undefined ? '' : ` (budget: ${budget.text}: ${verdict})`}`,
    );
  }
  console.log();
}
