/** Jest's global teardown: ends what `account-setup.ts` has started. */
export default async function stopAccount(): Promise<void> {
  await globalThis.emulatedAccount?.stop();
}
