import { pythonTool } from '../python-tool.ts';
import { type Ministack, startMinistack } from './ministack.ts';

declare global {
  /** Jest keeps the globals of its setup for its teardown. */
  var emulatedAccount: Ministack | undefined;
}

/** Jest's global setup for what needs an AWS account: one emulated account, in the environment of all tests. */
export default async function startAccount(): Promise<void> {
  globalThis.emulatedAccount = await startMinistack(pythonTool('ministack'));
  Object.assign(process.env, globalThis.emulatedAccount.environment);
}
