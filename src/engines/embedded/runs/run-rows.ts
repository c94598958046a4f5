import { PermanentError } from '../../../core/errors.ts';
import { type JsonObject, looksWhole, Payload } from '../../../core/json/json-value.ts';
import {
  type Interruption,
  type Run,
  type RunError,
  type RunRecord,
  type RunStatus,
  type RunSummary,
  runStatuses,
  type TokenUsage,
} from '../../../core/runs/run.ts';
import { flag, number, numberOrNull, type Row, text, textOrNull } from '../store/connection.ts';
import type { PayloadFiles, StoredText } from '../store/data-folder.ts';

/** Selects everything that a `Run` consists of. Append a WHERE clause. */
export const selectRun = `
  SELECT runs.*, triggers.payload, triggers.payload_file, triggers.model_input,
    triggers.context AS trigger_context, triggers.warnings AS trigger_warnings, triggers.origin,
    run_results.output, run_results.output_file,
    run_results.context AS result_context, run_results.warnings AS result_warnings
  FROM runs
    JOIN triggers ON triggers.trigger_id = runs.trigger_id
    LEFT JOIN run_results ON run_results.position = runs.position`;

export function summaryOfRow(row: Row): RunSummary {
  return {
    runId: text(row, 'run_id'),
    agentName: text(row, 'agent_name'),
    connectorId: textOrNull(row, 'connector_id'),
    triggerId: text(row, 'trigger_id'),
    parentRunId: textOrNull(row, 'parent_run_id'),
    status: statusOfRow(row),
    error: errorOfRow(row),
    queuedAt: number(row, 'queued_at'),
    scheduledAt: numberOrNull(row, 'scheduled_at'),
    startedAt: numberOrNull(row, 'started_at'),
    endedAt: numberOrNull(row, 'ended_at'),
    attempts: number(row, 'attempts'),
    tokenUsage: tokenUsageOfRow(row),
    costUsd: numberOrNull(row, 'cost_usd'),
    model: textOrNull(row, 'model'),
  };
}

/** @param row a row of `runs` */
export function recordOfRow(row: Row): RunRecord {
  return {
    ...summaryOfRow(row),
    concurrencyKey: textOrNull(row, 'concurrency_key'),
    cancelRequested: flag(row, 'cancel_requested'),
    chain: JSON.parse(textOrNull(row, 'chain') ?? '[]'),
    waitsFor: textOrNull(row, 'waiting_for'),
    interruptions: interruptionsOfRow(row),
    ...(row['budgeted'] === null ? {} : { budgeted: true }),
    ...(row['unpublished'] === null ? {} : { publishes: false }),
  };
}

/**
 * A run with its large parts read from their files.
 *
 * @param row a row of `selectRun`
 * @throws RetryableError when the folder of the files is gone, or the system is overloaded
 */
export async function runOfRow(row: Row, files: PayloadFiles): Promise<Run> {
  const payload = await readPayloadText(row, files);
  const output = hasOutput(row) ? await readPart(row, 'output', files) : nothing;
  return {
    ...recordOfRow(row),
    payload: new Payload(payload.value ?? 'null'),
    modelInput: textOrNull(row, 'model_input'),
    output: output.value,
    context: contextOfRow(row),
    warnings: JSON.parse(textOrNull(row, 'result_warnings') ?? textOrNull(row, 'trigger_warnings') ?? '[]'),
    ...originOfRow(row),
    ...unreadableParts(payload.lost, output.lost),
  };
}

interface ReadPart {
  readonly value: string | null;
  /** Why the value is lost; otherwise `null`. */
  readonly lost: string | null;
}

const nothing: ReadPart = { value: null, lost: null };

function unreadableParts(payload: string | null, output: string | null): Pick<Run, 'unreadable'> {
  if (payload === null && output === null) return {};
  return { unreadable: { ...(payload === null ? {} : { payload }), ...(output === null ? {} : { output }) } };
}

/** The payload of a row of `triggers`; `null` if it is lost. */
export async function readPayload(row: Row, files: PayloadFiles): Promise<Payload | null> {
  const { value } = await readPayloadText(row, files);
  return value === null ? null : new Payload(value);
}

async function readPayloadText(row: Row, files: PayloadFiles): Promise<ReadPart> {
  const read = await readPart(row, 'payload', files);
  if (read.value === null || row['payload_file'] === null || looksWhole(read.value)) return read;
  return { value: null, lost: 'The payload of the run is damaged: what is stored is not JSON.' };
}

async function readPart(row: Row, part: 'payload' | 'output', files: PayloadFiles): Promise<ReadPart> {
  try {
    return { value: await files.load(storedText(row, part, `${part}_file`)), lost: null };
  } catch (thrown) {
    if (!(thrown instanceof PermanentError)) throw thrown;
    return { value: null, lost: `The ${part} of the run is lost. ${thrown.message}` };
  }
}

export function interruptionsOfRow(row: Row): readonly Interruption[] {
  return JSON.parse(textOrNull(row, 'interruptions') ?? '[]');
}

export function contextOfRow(row: Row): JsonObject {
  return JSON.parse(textOrNull(row, 'result_context') ?? textOrNull(row, 'trigger_context') ?? '{}');
}

/** @param row a row of `triggers` */
export function originOfRow(row: Row): Pick<Run, 'origin'> {
  const origin = textOrNull(row, 'origin');
  return origin === null ? {} : { origin: JSON.parse(origin) };
}

export function hasOutput(row: Row): boolean {
  return row['output'] !== null || row['output_file'] !== null;
}

export function storedText(row: Row, textColumn: string, fileColumn: string): StoredText {
  const file = textOrNull(row, fileColumn);
  return file === null ? { text: text(row, textColumn), file } : { text: null, file };
}

export function statusOfRow(row: Row): RunStatus {
  const stored = text(row, 'status');
  const status = runStatuses.find((known) => known === stored);
  if (status === undefined) throw new Error(`a run is stored with the status ${stored}`);
  return status;
}

function errorOfRow(row: Row): RunError | null {
  const code = textOrNull(row, 'error_code');
  return code === null ? null : { code, message: text(row, 'error_message') };
}

function tokenUsageOfRow(row: Row): TokenUsage | null {
  if (row['tokens_total'] === null) return null;
  return {
    input: number(row, 'tokens_input'),
    output: number(row, 'tokens_output'),
    total: number(row, 'tokens_total'),
    cached: number(row, 'tokens_cached'),
    reasoning: number(row, 'tokens_reasoning'),
  };
}
