import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './theme/page.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { CodeNotLoaded } from './parts/load-later.ts';
import { adoptTheme } from './theme/adopt-theme.ts';

adoptTheme();
const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element "root".');
createRoot(root, { onCaughtError: tellFault }).render(
  <StrictMode>
    <App />
  </StrictMode>,
);

/** The browser already reports files that fail to load; other errors are faults in the page's code. */
function tellFault(thrown: unknown): void {
  if (!(thrown instanceof CodeNotLoaded)) reportError(thrown);
}
