import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { openPage, squaresOf, startBrowser } from '../testing/browser.ts';
import { type PrefixProxy, startPrefixProxy } from '../testing/prefix-proxy.ts';
import { has, testWith } from '../testing/servers.ts';
import { type RunningProcess, startProcess, waitFor } from '../testing/start-process.ts';

const PREFIX = '/some/prefix';
const HINT = 'its address must end in a slash';
let browser: Browser;
let pod: RunningProcess;
let proxy: PrefixProxy;
beforeAll(async () => {
  if (!has('chromium')) {
    return;
  }
  browser = await startBrowser();
  pod = await startProcess({ VERSION: '1.4.0', FAULTS: 'on' });
  proxy = await startPrefixProxy(pod.port, PREFIX);
});
afterEach(async () => {
  for (const context of browser?.contexts() ?? []) {
    await context.close();
  }
});
afterAll(async () => {
  proxy?.close();
  await pod?.stop('SIGKILL');
  await browser?.close();
});

testWith('chromium')('works whole behind a path prefix, and asks nothing outside it', async () => {
  const earlier = proxy.asked.length;
  const { page, problems } = await openPage(browser);
  await page.goto(`${proxy.url}${PREFIX}/`);
  await waitFor(async () => (await squaresOf(page)).length >= 3, 'three squares');
  await page.getByText('Ready. Backend memory: answers.').waitFor();
  await page.getByRole('slider', { name: 'Delay of each' }).press('ArrowRight');
  await page.getByText('delays each by 0.1 s').waitFor();
  const parts = ['', ...['page.css', 'page.js', 'ask.js', 'faults.js'].map((file) => `assets/${file}`)];
  expect(new Set(proxy.asked.slice(earlier))).toEqual(
    new Set([...parts, 'api/items', 'readyz', 'faults'].map((path) => `${PREFIX}/${path}`)),
  );
  expect(await page.getByText(HINT).isVisible()).toBe(false);
  expect(problems).toEqual([]);
});

testWith('chromium')('says what is wrong when the slash at the end of the prefix is missing', async () => {
  const { page } = await openPage(browser);
  await page.goto(`${proxy.url}${PREFIX}`);
  expect(await page.getByText(HINT).isVisible()).toBe(true);
});
