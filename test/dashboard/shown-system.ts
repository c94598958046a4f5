import { expect } from '@jest/globals';
import type { BrowserContext, Page } from 'playwright-core';
import * as z from 'zod';
import type { ProductProcess } from '../product-process.ts';
import type { Operator } from '../scenarios/operator.ts';

/** What somebody types to sign in. */
export interface Credentials {
  /** Label and text of each field, in their order. */
  readonly fields: readonly (readonly [label: string, text: string])[];
  /** What is said where the last one is wrong. */
  readonly refusal: string;
}

/** A system with a dashboard, whichever engine is behind it. */
export interface ShownSystem {
  /** Where the page is. */
  readonly url: string;
  /** Where API and webhooks are called from outside. */
  readonly baseUrl: string;
  /** Of an operator, for calls of the API. */
  readonly token: string;
  readonly credentials: Credentials;
  /** `null` for one that runs elsewhere. */
  readonly process: ProductProcess | null;
  /** How long the page may take for a step, in ms. */
  readonly patienceMs: number;
  /** Makes a browser profile ready for it. */
  prepare(context: BrowserContext): Promise<void>;
  stop(): Promise<void>;
}

/** Signs in on a page that is open. */
export async function enter(page: Page, { fields }: Credentials): Promise<void> {
  for (const [label, text] of fields) await page.getByLabel(label, { exact: true }).fill(text);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** Leaves the next test a system as it was, whatever has been made in it. */
export async function emptySystem({ all, call }: Operator): Promise<void> {
  for (const path of ['/budgets', '/connectors', '/connections']) {
    const made = await all(z.looseObject({ id: z.string() }), path);
    const answers = await Promise.all(made.map(({ id }) => call('DELETE', `${path}/${id}`)));
    expect(answers.filter(({ status }) => status !== 204)).toEqual([]);
  }
}
