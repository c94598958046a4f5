import { readFile, writeFile } from 'node:fs/promises';
import * as z from 'zod';
import { awsCall } from './aws-call.ts';

/** What was seen of a deployment while it stood, for what is looked at when it is gone. */
export const recording = z.object({
  /** The synthesized template, as CloudFormation was given it. */
  template: z.looseObject({
    Resources: z.record(
      z.string(),
      z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) }),
    ),
  }),
  /** What CloudFormation made of it: physical ids by logical id. */
  resources: z.record(z.string(), z.string()),
  /** Every call that its functions made. */
  calls: z.array(awsCall),
});
export type Recording = z.infer<typeof recording>;

export async function writeRecording(file: string, recorded: z.input<typeof recording>): Promise<void> {
  await writeFile(file, JSON.stringify(recorded));
}

/** @throws where no deployment was recorded: `npm run test:aws` does */
export async function readRecording(): Promise<Recording> {
  const file = process.env['RECORDING'];
  if (file === undefined) throw new Error('RECORDING names no file; npm run test:aws makes one.');
  return recording.parse(JSON.parse(await readFile(file, 'utf8')));
}
