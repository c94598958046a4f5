import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where Debian, Ubuntu, Fedora and macOS have it. */
const usualPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/**
 * Starts the browser of this machine without a window.
 *
 * @throws where it has none, saying how to get one
 */
export function startBrowser(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM'] ?? usualPlaces.find((place) => existsSync(place));
  if (executablePath === undefined) {
    throw new Error(
      'These tests need Chromium: "apt-get install chromium", or set CHROMIUM to the path of the one that you have.',
    );
  }
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}
