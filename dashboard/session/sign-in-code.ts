import { signInFragment } from '../../src/api/contract/page-header.ts';

/** The code of the sign-in link that opened this page; `null` for other URLs. */
export const signInCode = takeCode();

/** Removes the code from the URL, to keep it out of sight and out of the history. */
function takeCode(): string | null {
  const hash = globalThis.location?.hash ?? '';
  if (!hash.startsWith(signInFragment)) return null;
  const { pathname, search } = globalThis.location;
  globalThis.history.replaceState(null, '', pathname + search);
  return hash.slice(signInFragment.length);
}
