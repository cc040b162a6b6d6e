import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { openPage, squaresOf, startBrowser } from '../testing/browser.ts';
import { has, testWith } from '../testing/servers.ts';
import { freePort, type RunningProcess, startProcess, waitFor } from '../testing/start-process.ts';

let browser: Browser;
const running: RunningProcess[] = [];
const start = async (env: Readonly<Record<string, string>>) => {
  const service = await startProcess({ VERSION: '1.4.0', DRAIN_SECONDS: '0', ...env });
  running.push(service);
  return service;
};
beforeAll(async () => {
  if (has('chromium')) {
    browser = await startBrowser();
  }
});
afterEach(async () => {
  for (const context of browser?.contexts() ?? []) {
    await context.close();
  }
  for (const service of running.splice(0)) {
    await service.stop('SIGKILL');
  }
});
afterAll(() => browser?.close());

const shown = (page: Page, text: string) =>
  waitFor(
    async () => (await page.locator('.card[data-version="1.4.0"] .readiness').innerText()) === text,
    `'${text}' on the page`,
  );

for (const [mode, state] of [
  ['strict', 'Not ready'],
  ['latched', 'Ready'],
] as const) {
  testWith('chromium')(
    `says why a backend is unusable, and that the pod is ${state.toLowerCase()} with READINESS=${mode}`,
    async () => {
      const PORT = String(await freePort());
      const store = await start({ PORT });
      const address = `http://127.0.0.1:${PORT}`;
      const pod = await start({ BACKEND_URL: address, READINESS: mode });
      const { page, problems } = await openPage(browser);
      await page.goto(pod.url);
      await shown(page, `Ready. Backend ${address} answers.`);

      await store.stop('SIGKILL');
      await shown(page, `${state}. Backend ${address}: connection refused, nothing listens there.`);
      await waitFor(async () => (await squaresOf(page)).some(({ isFailed }) => isFailed), 'a crossed square');
      await page.getByText('Requests fail on 1.4.0. No usable backend for 1.4.0.').waitFor();

      await start({ PORT });
      await shown(page, `Ready. Backend ${address} answers.`);
      await page.getByText('Requests fail on 1.4.0.', { exact: true }).waitFor();
      expect(problems).toEqual([]);
    },
  );
}

testWith('chromium')('says when the pod it reaches is draining', async () => {
  const pod = await start({ DRAIN_SECONDS: '30' });
  const { page } = await openPage(browser);
  await page.goto(pod.url);
  await shown(page, 'Ready. Backend memory: answers.');
  pod.child.kill('SIGTERM');
  await shown(page, 'Draining. Backend memory: answers.');
  expect((await squaresOf(page)).filter(({ isFailed }) => isFailed)).toEqual([]);
});

testWith('chromium')('says so when no pod answers, and recovers by itself', async () => {
  const PORT = String(await freePort());
  const pod = await start({ PORT });
  const { page } = await openPage(browser);
  await page.goto(pod.url);
  await shown(page, 'Ready. Backend memory: answers.');
  await pod.stop('SIGKILL');
  await shown(page, 'No answer from /readyz.');
  await page.getByText('1.4.0 answers.', { exact: true }).waitFor();
  await page.getByText('Some requests reach no pod.').waitFor();
  await start({ PORT });
  await shown(page, 'Ready. Backend memory: answers.');
  const before = (await squaresOf(page)).filter(({ isFailed }) => !isFailed).length;
  await waitFor(async () => (await squaresOf(page)).filter(({ isFailed }) => !isFailed).length > before, 'a square');
});
