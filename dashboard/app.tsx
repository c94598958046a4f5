import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { useEffect } from 'react';
import { queryClient } from './api/query-client.ts';
import { Pages } from './pages.tsx';
import { useSignedIn } from './session/session.ts';
import { SignInPage } from './session/sign-in-page.tsx';
import { Shell } from './shell/shell.tsx';
import { theme } from './theme/theme.ts';

const colorSchemeManager = localStorageColorSchemeManager({ key: 'color-scheme' });

/** The whole page: whoever is not signed in sees the sign-in, everybody else the shell with the page of the address. */
export function App() {
  const signedIn = useSignedIn();
  useEffect(() => {
    if (!signedIn) queryClient.clear();
  }, [signedIn]);
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      colorSchemeManager={colorSchemeManager}
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <Notifications position="bottom-right" limit={4} />
      <QueryClientProvider client={queryClient}>
        {signedIn ? (
          <Shell>
            <Pages />
          </Shell>
        ) : (
          <SignInPage />
        )}
      </QueryClientProvider>
    </MantineProvider>
  );
}
