import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { type ProductProcess, startProduct } from '../product-process.ts';
import { type Receiver, startReceiver } from '../receivers/recording-receiver.ts';
import { operatorOf } from '../scenarios/operator.ts';
import { startBrowser } from './browser.ts';

const projectDir = join(import.meta.dirname, '../../project');

/** Long and recognizable, so that a test can look for it where it must not be. */
export const adminToken = 'dashboard-admin-token-8c41f0aa7b';

/** What a page may say on its console: a refused request, where a test is about refusals. */
const expectedComplaints = /Failed to load resource/;

/** The product with the example project, a browser, and a receiver for outbound connectors. */
export interface Dashboard {
  readonly url: string;
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

/** Starts everything before the tests of a file and ends it after them. A page that complains on its console fails its test. */
export function useDashboard(): Dashboard {
  let product: ProductProcess | undefined;
  let browser: Browser | undefined;
  let receiver: Receiver | undefined;
  let complaints: string[] = [];
  const target = {
    get baseUrl() {
      return there(product).url;
    },
    token: adminToken,
  };

  beforeAll(async () => {
    [product, browser, receiver] = await Promise.all([
      startProduct({ projectDir, token: adminToken }),
      startBrowser(),
      startReceiver(),
    ]);
  }, 60_000);

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
    await product?.remove();
    await receiver?.goDown();
  }, 60_000);

  async function openPage(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await there(browser).newContext({
      baseURL: there(product).url,
      viewport: { width: 1280, height: 800 },
      reducedMotion: 'reduce',
      ...options,
    });
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const page = await context.newPage();
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

  return {
    get url() {
      return there(product).url;
    },
    get process() {
      return there(product);
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

async function signIn(page: Page, path = '/'): Promise<void> {
  await page.goto(path);
  await page.getByLabel('Admin token').fill(adminToken);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('main#main').waitFor();
}

function there<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('The dashboard is there only within tests.');
  return value;
}
