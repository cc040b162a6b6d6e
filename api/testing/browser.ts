import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { findProgram } from './find-program.ts';
import { NEVER_SECONDS, waitFor } from './start-process.ts';

/** Starts the system's Chromium without requests of its own, such as updates. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: findProgram('chromium') ?? 'chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** A page, and everything that went wrong in it: exceptions, and what the Content-Security-Policy refused. */
export interface WatchedPage {
  readonly page: Page;
  readonly problems: readonly string[];
}

/** A blank page in a profile of its own. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const page = await browser.newPage(options);
  page.setDefaultTimeout(NEVER_SECONDS * 1000);
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    // Chromium also logs each failed request. These are no problem here: the page exists to show them.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
      problems.push(message.text());
    }
  });
  return { page, problems };
}

/** Opens `url` on a page whose time stands still until `pass` moves it on. */
export async function openStill(browser: Browser, url: string, options?: BrowserContextOptions): Promise<WatchedPage> {
  const watched = await openPage(browser, options);
  const { clock } = watched.page;
  await clock.install({ time: 0 });
  // Paused before the page loads: a later jump of the clock would time out its requests.
  await clock.pauseAt(1000);
  await watched.page.goto(url);
  return watched;
}

/** Moves the clock of a still page on by `seconds`: a quarter of a second at a time, and after each it waits for all responses. */
export async function pass(page: Page, seconds: number): Promise<void> {
  for (let quarter = 0; quarter < seconds * 4; quarter++) {
    await page.clock.runFor(250);
    await waitFor(async () => (await page.locator('.pending').count()) === 0, 'every request to be answered');
  }
}

/** The squares of requests that were answered, in the order of the page. */
export function squaresOf(page: Page): Promise<readonly { readonly version: string; readonly isFailed: boolean }[]> {
  return page
    .locator('#squares [data-version]')
    .evaluateAll((squares) =>
      squares.map((square) => ({ version: square.dataset.version, isFailed: square.matches('.failed') })),
    );
}
