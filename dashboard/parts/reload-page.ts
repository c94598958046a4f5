const reloadedAtKey = 'reloaded-at';

/** If code is still missing this soon after a reload, another reload would not help. */
const onceInMs = 30_000;

/** Whether the server answers requests for this page. */
export async function serverAnswers(signal: AbortSignal): Promise<boolean> {
  try {
    const { status } = await fetch(location.pathname, { method: 'HEAD', cache: 'no-store', signal });
    return status < 500;
  } catch {
    return false;
  }
}

/** Whether a reload may help, because there was none recently. */
export function mayReload(): boolean {
  return Math.abs(Date.now() - Number(sessionStorage.getItem(reloadedAtKey))) > onceInMs;
}

/** Reloads the page with the server's current build. */
export function reloadPage(): void {
  sessionStorage.setItem(reloadedAtKey, String(Date.now()));
  location.reload();
}
