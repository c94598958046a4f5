import * as z from 'zod';
import { builtInProviders } from '../../agents/models/model-providers.ts';
import { unknownFeatures } from '../../agents/project/unsupported-features.ts';
import { withoutUndefined } from '../../api/without-undefined.ts';
import { privateTargetsVariable } from '../../core/connectors/private-targets.ts';
import { nearestName } from '../../core/nearest-name.ts';
import type { EmbeddedSettings } from '../../engines/embedded/settings.ts';
import { type LogLevel, logLevels } from '../../server/log.ts';
import { CliFailure } from '../cli-failure.ts';
import { defaultDataFolder } from '../data-folder-files.ts';

/** All environment variables of `start`; an empty variable counts as unset. */
const startEnvironment = z.object({
  PORT: wholeNumber(0, 65_535).default(4_000),
  HOST: z.string().default('127.0.0.1'),
  BASE_URL: z
    .url({ protocol: /^https?$/, error: 'must be a URL such as https://agents.example.com' })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  DATA_DIR: z.string().default(defaultDataFolder),
  CONNECTORS_ENVIRONMENT: z.string().optional(),
  PROJECT_DIR: z.string().default('project'),
  ADMIN_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{8,}$/, 'must have at least 8 characters and no spaces')
    .optional(),
  ALLOW_PRIVATE_TARGETS: privateTargetsVariable,
  ALLOW_UNSUPPORTED: listOfNames().superRefine(checkFeatures),
  ALLOWED_HOSTS: listOfNames(),
  RETENTION_DAYS: wholeNumber(1, 3_650).optional(),
  MAX_RUNS_IN_FLIGHT: wholeNumber(1, 10_000).optional(),
  MAX_QUEUED_RUNS: wholeNumber(1, 100_000_000).optional(),
  MAX_SCHEDULED_RUNS: wholeNumber(1, 100_000_000).optional(),
  MAX_SYNC_RUNS: wholeNumber(1, 100_000).optional(),
  MAX_ATTEMPTS: wholeNumber(1, 100).optional(),
  MAX_DEPTH: wholeNumber(0, 100).optional(),
  MAX_REQUESTS_PER_ADDRESS: wholeNumber(1, 100_000).optional(),
  AGENT_THREADS: wholeNumber(1, 256).optional(),
  AGENT_MEMORY_MB: wholeNumber(64, 1_000_000).optional(),
  TRACE_CONTENT: z.enum(['on', 'off'], 'must be on or off').default('on'),
  DRAIN_SECONDS: wholeNumber(0, 3_600).optional(),
  LOG_LEVEL: z.enum(logLevels, `must be one of ${logLevels.join(', ')}`).default('info'),
});

export interface StartSettings {
  /** `0` picks a free port. */
  readonly port: number;
  readonly host: string;
  /** Public URL of the system, without a trailing slash; `null` for the address on which it listens. */
  readonly baseUrl: string | null;
  readonly dataDir: string;
  readonly projectDir: string;
  /** The environment of the files in `connectors/`; `null` if none is chosen. */
  readonly connectorsEnvironment: string | null;
  /** `null` for the one in the data folder, created by the first start. */
  readonly adminToken: string | null;
  /** Settings that differ from the engine's defaults. */
  readonly engine: Partial<EmbeddedSettings>;
  /** Unsupported features that agent files may use all the same. */
  readonly allowUnsupported: readonly string[];
  /** Host names of the API and the dashboard, in addition to those that the server knows. */
  readonly allowedHosts: readonly string[];
  /** Maximum concurrent requests per address; `null` for the server's default. */
  readonly maxRequestsPerAddress: number | null;
  readonly logLevel: LogLevel;
}

export type ReadSettings =
  | { readonly outcome: 'valid'; readonly settings: StartSettings }
  /** One sentence per invalid variable. */
  | { readonly outcome: 'invalid'; readonly sentences: readonly string[] };

/** Reads the settings of `start` from environment variables, and reports all their problems together. */
export function readStartSettings(env: Readonly<Record<string, string | undefined>>): ReadSettings {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = startEnvironment.safeParse(given);
  const further = [...misspeltVariables(given, Object.keys(startEnvironment.shape)), ...urlProblems(given)];
  if (!parsed.success || further.length > 0) {
    const issues = parsed.error?.issues ?? [];
    return {
      outcome: 'invalid',
      sentences: [...issues.map((issue) => sentenceOf(issue, given)), ...further],
    };
  }
  const { data } = parsed;
  return {
    outcome: 'valid',
    settings: {
      port: data.PORT,
      host: data.HOST,
      baseUrl: data.BASE_URL ?? null,
      dataDir: data.DATA_DIR,
      projectDir: data.PROJECT_DIR,
      connectorsEnvironment: data.CONNECTORS_ENVIRONMENT ?? null,
      adminToken: data.ADMIN_TOKEN ?? null,
      engine: engineSettings(data),
      allowUnsupported: data.ALLOW_UNSUPPORTED,
      allowedHosts: data.ALLOWED_HOSTS,
      maxRequestsPerAddress: data.MAX_REQUESTS_PER_ADDRESS ?? null,
      logLevel: data.LOG_LEVEL,
    },
  };
}

/** The settings of `start`. @throws CliFailure with a sentence per invalid variable */
export function validSettings(env: Readonly<Record<string, string | undefined>>): StartSettings {
  const read = readStartSettings(env);
  if (read.outcome === 'valid') return read.settings;
  throw new CliFailure('failed', ['Invalid settings:', ...read.sentences].join('\n  '));
}

function sentenceOf({ path, message }: z.core.$ZodIssue, given: Readonly<Record<string, unknown>>): string {
  const name = String(path[0]);
  const value = name === 'ADMIN_TOKEN' ? '' : ` (got ${JSON.stringify(given[name])})`;
  return `${name} ${message}${value}.`;
}

/** Refuses unknown features, which would silently allow nothing. */
function checkFeatures(names: readonly string[], context: z.RefinementCtx): void {
  for (const message of unknownFeatures(names)) context.addIssue({ code: 'custom', message });
}

function engineSettings(data: z.infer<typeof startEnvironment>): Partial<EmbeddedSettings> {
  return withoutUndefined({
    allowPrivateTargets: data.ALLOW_PRIVATE_TARGETS,
    baseUrl: data.BASE_URL,
    retentionDays: data.RETENTION_DAYS,
    maxRunsInFlight: data.MAX_RUNS_IN_FLIGHT,
    maxQueuedRuns: data.MAX_QUEUED_RUNS,
    maxScheduledRuns: data.MAX_SCHEDULED_RUNS,
    maxSyncRuns: data.MAX_SYNC_RUNS,
    maxAttempts: data.MAX_ATTEMPTS,
    maxDepth: data.MAX_DEPTH,
    threads: data.AGENT_THREADS,
    threadMegabytes: data.AGENT_MEMORY_MB,
    drainSeconds: data.DRAIN_SECONDS,
  });
}

function listOfNames() {
  const split = (list: string) => list.split(',').map((name) => name.trim());
  return z
    .string()
    .default('')
    .transform((list) => split(list).filter(Boolean));
}

function wholeNumber(least: number, most: number) {
  const expected = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, expected)
    .transform(Number)
    .refine((value) => value >= least && value <= most, expected);
}

/** Variables with this prefix are the product's: an unknown one is a mistake. */
const ownPrefix = 'CONNECTORS_';
const ownVariables = ['CONNECTORS_URL', 'CONNECTORS_TOKEN', 'CONNECTORS_DEBUG'];

/** Shorter names resemble those of other programs: `PORTS`, `HOME`. */
const leastLength = 10;

/** Maximum edits between a misspelt name and a setting: with more, it may belong to another program. */
const mostEdits = 2;

/**
 * A sentence for each variable that would be silently ignored: unknown ones with the product's prefix, and those that
 * almost match a setting.
 *
 * @param settings names of all settings
 */
function misspeltVariables(
  given: Readonly<Record<string, unknown>>,
  settings: readonly string[],
): readonly string[] {
  const known = [...settings, ...ownVariables, 'SECRET_KEY', 'PRICES_FILE'];
  const long = known.filter(({ length }) => length >= leastLength);
  return Object.keys(given)
    .filter((name) => !known.includes(name))
    .flatMap((name) => {
      const isOwn = name.startsWith(ownPrefix);
      const near = nearestName(name, isOwn ? ownVariables : long, mostEdits);
      if (near === null && !isOwn) return [];
      return [`${name} is not a setting.${near === null ? '' : ` Did you mean ${near}?`}`];
    });
}

const known = new Set([...builtInProviders.values()].flatMap(({ baseUrlVariables }) => baseUrlVariables));
const configured = /^MODEL_PROVIDER_.+_BASE_URL$/;

/** A sentence for each model provider's address that is not a URL: every run that uses it would fail. */
function urlProblems(given: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(given)
    .filter(([name, value]) => (known.has(name) || configured.test(name)) && !isHttpUrl(value))
    .map(
      ([name, value]) =>
        `${name} must be a URL such as https://models.example.com/v1 (got ${JSON.stringify(value)}).`,
    );
}

function isHttpUrl(value = ''): boolean {
  const protocol = URL.parse(value)?.protocol;
  return protocol === 'http:' || protocol === 'https:';
}
