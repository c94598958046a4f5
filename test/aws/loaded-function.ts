import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { bundle } from '../../lib/bundle/bundle.ts';
import type { AgentProject } from '../../src/agents/agent-project.ts';
import { packedFiles } from '../../src/engines/aws/entry/packed-project.ts';

type Handler = (event: unknown, context: unknown) => Promise<unknown>;

/** One function, bundled as it is deployed, in this process. */
export interface BundledFunction {
  /** Calls it as Lambda does. @param alias by which it is called */
  call(event: unknown, alias: string): Promise<unknown>;
  remove(): Promise<void>;
}

const module = z.object({ handler: z.custom<Handler>((value) => typeof value === 'function') });

/** Bundles `lambdas/<entry>.ts` with the agents of a project beside it, and loads it with an environment of its own. */
export async function loadBundled(
  entry: string,
  project: AgentProject,
  environment: Readonly<Record<string, string>>,
): Promise<BundledFunction> {
  const folder = await mkdtemp(join(tmpdir(), `${entry}-`));
  await bundle(entry, folder);
  await mkdir(join(folder, 'project'));
  await writeFile(join(folder, packedFiles.project), JSON.stringify(project));
  Object.assign(process.env, environment, { LAMBDA_TASK_ROOT: folder, POWERTOOLS_DEV: 'false' });
  const { handler } = module.parse(await import(pathToFileURL(join(folder, 'index.mjs')).href));
  return {
    call: (event, alias) =>
      handler(event, {
        invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${entry}:${alias}`,
        awsRequestId: 'request',
        functionName: entry,
        getRemainingTimeInMillis: () => 30_000,
      }),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
