import * as z from 'zod';

/**
 * The loopback and private addresses that connectors may connect to: all (`true`), none (`false`), or these ranges, in
 * CIDR notation.
 */
export type PrivateTargets = boolean | readonly string[];

/** The targets that a system's operator allows for connectors. */
export interface AllowedTargets {
  /** Loopback and private targets, also over plain `http` (for trials, or in a private network). */
  readonly allowPrivateTargets: PrivateTargets;
}

const expected =
  'must be 1 (allow loopback and private targets), 0 (refuse them), or address ranges such as 10.0.0.0/8,fd00::/8';

/** Address ranges in CIDR notation. */
export const targetRanges = z.array(z.union([z.cidrv4(), z.cidrv6()]));

/** The setting as an environment variable: `0`, `1`, or comma-separated ranges; `0` if it is not set. */
export const privateTargetsVariable = z
  .string()
  .prefault('0')
  .transform((text, context): PrivateTargets => {
    if (text === '0' || text === '1') return text === '1';
    const ranges = targetRanges.safeParse(text.split(',').map((range) => range.trim()));
    if (ranges.success) return ranges.data;
    context.addIssue({ code: 'custom', message: expected });
    return z.NEVER;
  });

/** The setting as text that `privateTargetsVariable` reads. */
export function privateTargetsText(targets: PrivateTargets): string {
  if (typeof targets === 'boolean') return targets ? '1' : '0';
  return targets.join(',');
}
