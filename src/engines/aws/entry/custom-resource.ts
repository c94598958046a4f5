import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { messageOf } from '../../../core/errors.ts';
import { callInLog, functionLog } from './function-log.ts';

/** CloudFormation's request to a custom resource (its user guide, "Custom resource request objects"). */
const request = z.object({
  RequestType: z.enum(['Create', 'Update', 'Delete']),
  ResponseURL: z.url(),
  StackId: z.string(),
  RequestId: z.string(),
  LogicalResourceId: z.string(),
  PhysicalResourceId: z.string().optional(),
  ResourceProperties: z.unknown().optional(),
});

/** Time reserved for the answer: without one, CloudFormation waits an hour. */
const answerMs = 15_000;

/** The work of a custom resource that creates nothing itself. */
export interface Removal {
  /** Called on create and update. */
  begin(): Promise<void>;
  /** Called on delete: removes resources that the stack does not know. @param signal aborts when time is up */
  remove(signal: AbortSignal): Promise<void>;
}

/** A function behind such a custom resource. It reports the outcome to CloudFormation. */
export function removalResource({ begin, remove }: Removal) {
  return customResource((requestType, signal) =>
    requestType === 'Delete'
      ? problemOf('sources.not-removed', () => remove(signal))
      : problemOf('sources.not-begun', begin),
  );
}

/**
 * A function behind a custom resource that only checks: if `check` throws, the deployment fails with its message.
 *
 * @param event of the log line for a failure
 */
export function checkResource(event: string, check: () => Promise<void>) {
  return customResource(async (requestType) => (requestType === 'Delete' ? null : problemOf(event, check)));
}

/**
 * A function behind a custom resource that applies its properties on create and update; on delete, everything stays as
 * it is.
 *
 * @param event of the log line for a failure
 */
export function applyingResource(event: string, apply: (properties: unknown) => Promise<void>) {
  return customResource(async (requestType, _signal, properties) =>
    requestType === 'Delete' ? null : problemOf(event, () => apply(properties)),
  );
}

type RequestType = z.infer<typeof request>['RequestType'];

/** @param work returns the problem, or `null`. Its signal aborts when time is up */
function customResource(
  work: (requestType: RequestType, signal: AbortSignal, properties: unknown) => Promise<string | null>,
) {
  const handle = async (event: unknown, context: Context) => {
    const asked = request.parse(event);
    const signal = AbortSignal.timeout(Math.max(0, context.getRemainingTimeInMillis() - answerMs));
    await answer(asked, await work(asked.RequestType, signal, asked.ResourceProperties));
  };
  return middy(handle).use(callInLog);
}

async function problemOf(event: string, work: () => Promise<void>): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (thrown) {
    functionLog.error(event, { reason: messageOf(thrown) });
    return messageOf(thrown);
  }
}

async function answer(asked: z.infer<typeof request>, problem: string | null): Promise<void> {
  const { ResponseURL: url, StackId, RequestId, LogicalResourceId } = asked;
  const body = JSON.stringify({
    Status: problem === null ? 'SUCCESS' : 'FAILED',
    ...(problem === null ? {} : { Reason: problem }),
    PhysicalResourceId: asked.PhysicalResourceId ?? LogicalResourceId,
    StackId,
    RequestId,
    LogicalResourceId,
  });
  // The signature of the URL covers an empty content type.
  const told = await fetch(url, { method: 'PUT', body, headers: { 'content-type': '' } });
  if (!told.ok) throw new Error(`CloudFormation did not take the answer: ${told.status}`);
}
