import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { openStill, pass, startBrowser } from './browser.ts';
import { type Canary, startCanary } from './canary.ts';
import { waitFor } from './start-process.ts';

/**
 * Pictures of the page some `seconds` into a canary at 25 % that fails three requests in ten: `page-light.png` and
 * `page-dark.png` in `folder`. Needs Chromium.
 */
export async function takePictures(folder: string, seconds: number): Promise<void> {
  const browser = await startBrowser();
  try {
    const canary = await startCanary({ FAULTS: 'on' }, { FAULTS: 'on', FAULT_ERROR_RATIO: '0.3' });
    try {
      await takeBoth(browser, canary, folder, seconds);
    } finally {
      await canary.stop();
    }
  } finally {
    await browser.close();
  }
}

async function takeBoth(
  browser: Browser,
  { balancer, canary: next, url }: Canary,
  folder: string,
  seconds: number,
): Promise<void> {
  // The old version first, so that its colour is the same in every picture.
  balancer.remove(next.port);
  const { page } = await openStill(browser, url, { viewport: { width: 1040, height: 400 }, deviceScaleFactor: 1.5 });
  await pass(page, 2);
  balancer.add(next.port);
  await waitFor(() => balancer.isReady(next.port), 'the balancer to see the canary');
  await pass(page, seconds - 2);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: join(folder, `page-${colorScheme}.png`), fullPage: true });
  }
}
