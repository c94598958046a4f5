const reloadedAtKey = 'reloaded-at';

/** Missing code within this time of a reload would be missing after the next one as well. */
const onceInMs = 30_000;

/** Whether the server answers for the address of this page. */
export async function serverAnswers(signal: AbortSignal): Promise<boolean> {
  try {
    const { status } = await fetch(location.pathname, { method: 'HEAD', cache: 'no-store', signal });
    return status < 500;
  } catch {
    return false;
  }
}

/** Whether a reload may help: there was none a moment ago. */
export function mayReload(): boolean {
  return Math.abs(Date.now() - Number(sessionStorage.getItem(reloadedAtKey))) > onceInMs;
}

/** Loads the page again, with the build that the server has now. */
export function reloadPage(): void {
  sessionStorage.setItem(reloadedAtKey, String(Date.now()));
  location.reload();
}
