import { signInFragment } from '../../src/api/contract/page-header.ts';

/** The code of the sign-in link that opened this page; `null` for any other address. */
export const signInCode = takeCode();

/** Takes the code out of the address, so that it stays neither in sight nor in the history. */
function takeCode(): string | null {
  const hash = globalThis.location?.hash ?? '';
  if (!hash.startsWith(signInFragment)) return null;
  const { pathname, search } = globalThis.location;
  globalThis.history.replaceState(null, '', pathname + search);
  return hash.slice(signInFragment.length);
}
