import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { FaultSettings } from '../middleware/faults.ts';
import { openPage, openStill, pass, squaresOf, startBrowser } from '../testing/browser.ts';
import { countedRequests, scrape } from '../testing/scrape.ts';
import { has, testWith } from '../testing/servers.ts';
import { type RunningProcess, startProcess } from '../testing/start-process.ts';

let browser: Browser;
let pod: RunningProcess;
beforeAll(async () => {
  if (has('chromium')) {
    browser = await startBrowser();
  }
});
afterEach(async () => {
  for (const context of browser?.contexts() ?? []) {
    await context.close();
  }
  await pod?.stop('SIGKILL');
});
afterAll(() => browser?.close());

const startPod = async (env: Readonly<Record<string, string>> = {}) => {
  pod = await startProcess({ VERSION: '1.4.0', FAULTS: 'on', ...env });
};
const settings = async () => (await fetch(`${pod.url}/faults`)).json() as Promise<FaultSettings>;
const failed = async () => countedRequests(await scrape(pod.url))['GET /api/items 500'] ?? 0;
const errors = (page: Page) => page.getByRole('slider', { name: 'Requests that fail' });
const latency = (page: Page) => page.getByRole('slider', { name: 'Delay of each' });
const said = (page: Page, text: string) => page.locator('#set').getByText(text).waitFor();

testWith('chromium')('a slider moved by keyboard makes the pod fail as many requests, until cleared', async () => {
  await startPod();
  const { page, problems } = await openStill(browser, pod.url);
  await pass(page, 5);
  expect(await failed()).toBe(0);

  await errors(page).focus();
  for (const key of ['End', 'ArrowLeft']) {
    await page.keyboard.press(key);
  }
  await said(page, 'A pod of 1.4.0 now fails 95 % of its requests and delays each by 0 s.');
  expect(await errors(page).getAttribute('aria-valuetext')).toBe('95 %');
  expect(await settings()).toEqual({ errorRatio: 0.95, latencySeconds: 0, hangRatio: 0 });
  const before = (await squaresOf(page)).length;
  await pass(page, 10);
  const crosses = (await squaresOf(page)).slice(before).filter(({ isFailed }) => isFailed).length;
  expect(crosses).toBe(38);
  expect(await failed()).toBe(crosses);

  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await said(page, 'A pod of 1.4.0 now fails 0 % of its requests and delays each by 0 s.');
  await pass(page, 2);
  expect(await failed()).toBe(crosses);
  expect(problems).toEqual([]);
});

testWith('chromium')('a slider dragged by mouse delays every request, which stays hollow meanwhile', async () => {
  await startPod();
  const { page } = await openPage(browser);
  await page.goto(pod.url);
  await latency(page).and(page.locator(':enabled')).scrollIntoViewIfNeeded();
  const box = await latency(page).boundingBox();
  if (!box) {
    throw new Error('the slider must be in view');
  }
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + 8, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 4, y, { steps: 5 });
  await page.mouse.up();
  await said(page, 'A pod of 1.4.0');
  const { latencySeconds } = await settings();
  expect(latencySeconds).toBeGreaterThan(0.5);
  expect(latencySeconds).toBeLessThan(1);
  await said(page, `delays each by ${latencySeconds} s`);
  await page.locator('.pending').first().waitFor();
  await page.getByText(/[1-9]\d* over 0\.5 s/).waitFor();
  const series = await scrape(pod.url);
  const bucket = (le: string) =>
    series.get(`http_request_duration_seconds_bucket{le="${le}",method="GET",route="/api/items"}`) ?? 0;
  expect(bucket('+Inf')).toBeGreaterThan(bucket('0.5'));
});

testWith('chromium')(
  'sliders show what the pod is set to, even when it fails every request, and keep what has no slider',
  async () => {
    await startPod({ FAULT_ERROR_RATIO: '0.5', FAULT_HANG_RATIO: '0.5', REQUEST_DEADLINE_SECONDS: '1' });
    const { page } = await openPage(browser);
    await page.goto(pod.url);
    await errors(page).and(page.locator(':enabled')).focus();
    expect(await errors(page).inputValue()).toBe('0.5');
    await page.keyboard.press('ArrowLeft');
    await said(page, 'now fails 45 %');
    expect(await settings()).toEqual({ errorRatio: 0.45, latencySeconds: 0, hangRatio: 0.5 });
    await page.keyboard.press('End');
    await said(page, 'Not set: `errorRatio` and `hangRatio` must not add up to more than 1.');
    expect(await settings()).toMatchObject({ errorRatio: 0.45 });
    expect(await errors(page).inputValue()).toBe('0.45');
    await page.getByRole('button', { name: 'Clear' }).click();
    await said(page, 'now fails 0 %');
    expect(await settings()).toEqual({ errorRatio: 0, latencySeconds: 0, hangRatio: 0 });
  },
);
