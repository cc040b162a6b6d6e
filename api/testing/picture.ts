import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { openStill, pass, startBrowser } from './browser.ts';
import { type Canary, startCanary } from './canary.ts';
import { waitFor } from './start-process.ts';

/**
 * Pictures of the page a minute into a canary at 25 % that fails three requests in ten: `page-light.png` and
 * `page-dark.png` in `folder`. Takes about 15 s; needs Chromium.
 */
export async function takePictures(folder: string): Promise<void> {
  const browser = await startBrowser();
  try {
    const canary = await startCanary({ FAULTS: 'on' }, { FAULTS: 'on', FAULT_ERROR_RATIO: '0.3' });
    try {
      await takeBoth(browser, canary, folder);
    } finally {
      await canary.stop();
    }
  } finally {
    await browser.close();
  }
}

async function takeBoth(browser: Browser, { balancer, canary: next, url }: Canary, folder: string): Promise<void> {
  // The old version first, so that its colour is the same in every picture.
  balancer.remove(next.port);
  const { page } = await openStill(browser, url, { viewport: { width: 1040, height: 400 }, deviceScaleFactor: 1.5 });
  await pass(page, 2);
  balancer.add(next.port);
  await waitFor(() => balancer.isReady(next.port), 'the balancer to see the canary');
  await pass(page, 58);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: join(folder, `page-${colorScheme}.png`), fullPage: true });
  }
}
