import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { ProductProcess } from '../product-process.ts';
import { type Receiver, startReceiver } from '../receivers/recording-receiver.ts';
import { operatorOf } from '../scenarios/operator.ts';
import { startBrowser } from './browser.ts';
import { deployedSystem, isDeployed } from './deployed-system.ts';
import { startEmbeddedSystem } from './embedded-system.ts';
import { type Credentials, enter, type ShownSystem } from './shown-system.ts';

/** What a page may say on its console: a refused request or connection, where a test is about refusals. */
const expectedComplaints = /Failed to load resource|^WebSocket connection to .* failed/;

/** A system with the example project, a browser, and a receiver for outbound connectors. */
export interface Dashboard {
  readonly url: string;
  /** Where API and webhooks are called from outside. */
  readonly baseUrl: string;
  readonly credentials: Credentials;
  /** Of the embedded engine only. */
  readonly process: ProductProcess;
  readonly receiver: Receiver;
  readonly operator: ReturnType<typeof operatorOf>;
  /** A page of a browser profile of its own, not signed in. */
  openPage(options?: BrowserContextOptions): Promise<Page>;
  /** Signs in on a page, at `path`. */
  signIn(page: Page, path?: string): Promise<void>;
  /** A page as of `openPage`, signed in and at `path`. */
  openSignedIn(path?: string, options?: BrowserContextOptions): Promise<Page>;
}

/**
 * Starts everything before the tests of a file and ends it after them. A page that complains on its console fails its test.
 *
 * @param projectDir of the agents; the example project where nothing is said
 */
export function useDashboard(projectDir?: string): Dashboard {
  let system: ShownSystem | undefined;
  let browser: Browser | undefined;
  let receiver: Receiver | undefined;
  let complaints: string[] = [];
  const target = {
    get baseUrl() {
      return there(system).baseUrl;
    },
    get token() {
      return there(system).token;
    },
  };

  beforeAll(async () => {
    [system, browser, receiver] = await Promise.all([
      isDeployed ? deployedSystem() : startEmbeddedSystem(projectDir),
      startBrowser(),
      startReceiver(),
    ]);
  });

  afterEach(async () => {
    await Promise.all(
      there(browser)
        .contexts()
        .map((context) => context.close()),
    );
    const unexpected = complaints.filter((text) => !expectedComplaints.test(text));
    complaints = [];
    expect(unexpected).toEqual([]);
  });

  afterAll(async () => {
    await browser?.close();
    await system?.stop();
    await receiver?.goDown();
  });

  async function openPage(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await there(browser).newContext({
      baseURL: there(system).url,
      viewport: { width: 1280, height: 800 },
      reducedMotion: 'reduce',
      ...options,
    });
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await there(system).prepare(context);
    const page = await context.newPage();
    page.setDefaultTimeout(there(system).patienceMs);
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    return page;
  }

  async function openSignedIn(path = '/', options: BrowserContextOptions = {}): Promise<Page> {
    const page = await openPage(options);
    await signIn(page, path);
    return page;
  }

  async function signIn(page: Page, path = '/'): Promise<void> {
    await page.goto(path);
    await enter(page, there(system).credentials);
    await page.locator('main#main').waitFor();
  }

  return {
    get url() {
      return there(system).url;
    },
    get baseUrl() {
      return there(system).baseUrl;
    },
    get credentials() {
      return there(system).credentials;
    },
    get process() {
      return there(there(system).process);
    },
    get receiver() {
      return there(receiver);
    },
    operator: operatorOf(target),
    openPage,
    signIn,
    openSignedIn,
  };
}

function there<Value>(value: Value | undefined | null): Value {
  if (value === undefined || value === null) throw new Error('The dashboard is there only within tests.');
  return value;
}
