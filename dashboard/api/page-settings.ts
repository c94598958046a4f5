import { useQuery } from '@tanstack/react-query';
import { type PageSettings, pageSettingsPath } from '../../src/api/contract/page-settings.ts';
import { pageSession } from '../session/page-session.ts';
import { renewByCognito } from '../session/renew-by-cognito.ts';
import { renewBy } from '../session/session.ts';
import { ApiFailure } from './request.ts';

export const pageSettingsKey = 'page-settings';

/** Settings that the page needs before sign-in. They do not change while the page is open. */
export function usePageSettings() {
  return useQuery({
    queryKey: [pageSettingsKey],
    queryFn: fetchPageSettings,
    staleTime: 'static',
  });
}

async function fetchPageSettings(): Promise<PageSettings> {
  const response = await fetch(pageSettingsPath).catch(() => null);
  if (response?.ok !== true) {
    const detail = 'The server is not responding. Is it running?';
    throw new ApiFailure(response?.status ?? 0, 'no-page-settings', detail);
  }
  const settings: PageSettings = await response.json();
  renewBy(settings.sign_in.way === 'cognito' ? renewByCognito(settings.sign_in) : pageSession);
  return settings;
}
