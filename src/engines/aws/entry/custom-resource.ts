import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { messageOf } from '../../../core/errors.ts';
import { callInLog, functionLog } from './function-log.ts';

/** What CloudFormation asks of a custom resource (its user guide, "Custom resource request objects"). */
const request = z.object({
  RequestType: z.enum(['Create', 'Update', 'Delete']),
  ResponseURL: z.url(),
  StackId: z.string(),
  RequestId: z.string(),
  LogicalResourceId: z.string(),
  PhysicalResourceId: z.string().optional(),
});

/** Left for the answer: without it CloudFormation waits for an hour. */
const answerMs = 15_000;

/** What is done for a custom resource that is nothing by itself. */
export interface Removal {
  /** Called when it is made or changed. */
  begin(): Promise<void>;
  /** Called when it goes: takes away what the stack does not know of. @param signal aborts when time is up */
  remove(signal: AbortSignal): Promise<void>;
}

/** A function behind such a custom resource. CloudFormation is told how it went. */
export function removalResource({ begin, remove }: Removal) {
  return customResource((requestType, signal) =>
    requestType === 'Delete'
      ? problemOf('sources.not-removed', () => remove(signal))
      : problemOf('sources.not-begun', begin),
  );
}

/**
 * A function behind a custom resource that is nothing but a check: where `check` throws, the deployment fails with its message.
 *
 * @param event of the log line that says so
 */
export function checkResource(event: string, check: () => Promise<void>) {
  return customResource(async (requestType) => (requestType === 'Delete' ? null : problemOf(event, check)));
}

type RequestType = z.infer<typeof request>['RequestType'];

/** @param work gives what went wrong. Its signal aborts when time is up */
function customResource(work: (requestType: RequestType, signal: AbortSignal) => Promise<string | null>) {
  const handle = async (event: unknown, context: Context) => {
    const asked = request.parse(event);
    const signal = AbortSignal.timeout(Math.max(0, context.getRemainingTimeInMillis() - answerMs));
    await answer(asked, await work(asked.RequestType, signal));
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
  // The address is signed for a body without a type.
  const told = await fetch(url, { method: 'PUT', body, headers: { 'content-type': '' } });
  if (!told.ok) throw new Error(`CloudFormation did not take the answer: ${told.status}`);
}
