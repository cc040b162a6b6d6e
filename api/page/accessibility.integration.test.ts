import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { openPage, openStill, pass, startBrowser } from '../testing/browser.ts';
import { type Canary, startCanary } from '../testing/canary.ts';
import { has, testWith } from '../testing/servers.ts';
import { waitFor } from '../testing/start-process.ts';

let browser: Browser;
let canary: Canary;
beforeAll(async () => {
  if (!has('chromium')) {
    return;
  }
  browser = await startBrowser();
  canary = await startCanary({ FAULTS: 'on' }, { FAULTS: 'on', FAULT_ERROR_RATIO: '0.5', BACKEND_URL: 'memory:next' });
});
afterEach(async () => {
  for (const context of browser?.contexts() ?? []) {
    await context.close();
  }
});
afterAll(async () => {
  await canary?.stop();
  await browser?.close();
});

/** What axe finds, or is not sure of. */
async function findViolations(page: Page): Promise<readonly string[]> {
  // It waits by the page's clock.
  await page.clock.resume();
  await page.evaluate(axe.source);
  const { violations, incomplete } = (await page.evaluate('axe.run()')) as axe.AxeResults;
  return [...violations, ...incomplete].flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1100, 390]) {
    testWith('chromium')(`axe finds nothing during a failing canary, ${colorScheme}, ${width} px wide`, async () => {
      const { page } = await openStill(browser, canary.url, { colorScheme, viewport: { width, height: 900 } });
      await pass(page, 10);
      await page.getByText('Requests fail on 1.5.0.').waitFor();
      await page.getByRole('slider', { name: 'Delay of each' }).press('Home');
      expect(await findViolations(page)).toEqual([]);
      // Nothing sticks out: there is nothing to scroll sideways to.
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    });
  }
}

testWith('chromium')('axe finds nothing before the first answer', async () => {
  const { page } = await openPage(browser);
  await page.route(/api\/items|readyz/, () => undefined);
  await page.goto(canary.url);
  await page.locator('.pending').first().waitFor();
  expect(await page.locator('#headline').innerText()).toBe('Waiting for the first answer.');
  expect(await findViolations(page)).toEqual([]);
});

testWith('chromium')(
  'announces a version that comes and one that fails, and nothing as each square arrives',
  async () => {
    const { balancer, canary: failing } = canary;
    const fail = (errorRatio: number) =>
      fetch(`${failing.url}/faults`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ errorRatio }),
      });
    const add = async () => {
      balancer.add(failing.port);
      await waitFor(() => balancer.isReady(failing.port), 'the balancer to see the canary');
    };
    balancer.remove(failing.port);
    // The fifth: seconds after it came.
    await fail(0.2);
    try {
      const { page } = await openStill(browser, canary.url);
      await pass(page, 5);
      await page.evaluate(`
        globalThis.announced = [];
        const observer = new MutationObserver(() => announced.push(document.querySelector('[role=status]').innerText));
        for (const region of document.querySelectorAll('[role=status], [role=alert], [role=log], [aria-live], output')) {
          observer.observe(region, { childList: true, characterData: true, subtree: true });
        }
      `);
      const announced = () => page.evaluate('announced');
      await pass(page, 20);
      expect(await announced()).toEqual([]);
      await add();
      await pass(page, 20);
      expect(await announced()).toEqual([
        '1.4.0 and 1.5.0 share the requests.\n\nNo request failed in the last minute.',
        '1.4.0 and 1.5.0 share the requests.\n\nRequests fail on 1.5.0.',
      ]);
    } finally {
      await fail(0.5);
      if (!balancer.isReady(failing.port)) {
        await add();
      }
    }
  },
);

testWith('chromium')(
  'tells versions apart by pattern too, and keeps their colours where the system forces its own',
  async () => {
    const { page } = await openStill(browser, canary.url, { forcedColors: 'active' });
    await pass(page, 5);
    const look = (version: string) =>
      page.evaluate(`getComputedStyle(document.querySelector('#squares [data-version="${version}"]')).backgroundImage`);
    // Whichever came first is plain.
    const [stable, next] = [await look('1.4.0'), await look('1.5.0')];
    expect(stable).not.toBe(next);
    expect(`${stable} ${next}`).toMatch(/gradient/);
  },
);
