import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { openPage, openStill, pass, squaresOf, startBrowser } from '../testing/browser.ts';
import { type Canary, startCanary } from '../testing/canary.ts';
import { countedRequests, scrape } from '../testing/scrape.ts';
import { has, testWith } from '../testing/servers.ts';
import { waitFor } from '../testing/start-process.ts';

let browser: Browser;
let canary: Canary;
beforeAll(async () => {
  if (has('chromium')) {
    browser = await startBrowser();
  }
});
afterEach(async () => {
  for (const context of browser?.contexts() ?? []) {
    await context.close();
  }
  await canary?.stop();
});
afterAll(() => browser?.close());

testWith('chromium')(
  'shows a canary at 25 % as 25 % of the last 200 squares and of the last minute, with its failures crossed',
  async () => {
    canary = await startCanary({}, { FAULT_ERROR_RATIO: '0.5' });
    const { page, problems } = await openStill(browser, canary.url, { viewport: { width: 1100, height: 900 } });
    const places = () =>
      Promise.all(['#squares', '#bar', 'footer'].map((part) => page.locator(part).boundingBox({ timeout: 1000 })));
    const before = await places();
    await pass(page, 45);
    // So far every request has its square.
    const of = (squares: Awaited<ReturnType<typeof squaresOf>>, isFailed: boolean) =>
      squares.filter((square) => square.version === '1.5.0' && square.isFailed === isFailed).length;
    const first = await squaresOf(page);
    expect(countedRequests(await scrape(canary.canary.url))).toMatchObject({
      'GET /api/items 200': of(first, false),
      'GET /api/items 500': of(first, true),
    });
    await pass(page, 15);

    const squares = await squaresOf(page);
    expect(squares).toHaveLength(200);
    const [good, failed] = [of(squares, false), of(squares, true)];
    // One in four, but the balancer's turns are also taken by /readyz and by connections that are never used.
    expect(good + failed).toBeGreaterThanOrEqual(40);
    expect(good + failed).toBeLessThanOrEqual(60);
    expect(Math.abs(good - failed)).toBeLessThanOrEqual(1);
    expect(squares.filter(({ isFailed }) => isFailed)).toHaveLength(failed);

    const card = page.locator('.card[data-version="1.5.0"]');
    const [, share] = /(\d+) %/.exec(await card.innerText()) ?? [];
    expect(Math.abs(Number(share) - 25)).toBeLessThanOrEqual(5);
    expect(await card.innerText()).toContain('Ready. Backend memory: answers.');
    expect(await page.getByRole('status').first().innerText()).toBe(
      '1.4.0 and 1.5.0 share the requests.\n\nRequests fail on 1.5.0.',
    );
    // Nothing has moved while squares arrived.
    expect(await places()).toEqual(before);
    expect(problems).toEqual([]);
  },
);

testWith('chromium')('keeps a version in the split for a minute after its last answer, then forgets it', async () => {
  canary = await startCanary();
  const { page } = await openStill(browser, canary.url);
  await pass(page, 10);
  canary.balancer.remove(canary.canary.port);
  await pass(page, 52);
  const card = page.locator('.card[data-version="1.5.0"]');
  expect((await squaresOf(page)).map(({ version }) => version)).not.toContain('1.5.0');
  expect(await card.innerText()).toMatch(/[1-9]\d* requests/);
  await pass(page, 11);
  expect(await card.count()).toBe(0);
  expect(await page.locator('#headline').innerText()).toBe('1.4.0 answers every request.');
});

testWith('chromium')(
  'shows no error while the new version is promoted: the pods of the old one drain and end',
  async () => {
    canary = await startCanary();
    const { page } = await openPage(browser);
    await page.goto(canary.url);
    const answered = (count: number) =>
      waitFor(async () => (await squaresOf(page)).length >= count, `${count} squares`);
    await answered(4);
    expect(await Promise.all(canary.stable.map((pod) => pod.stop()))).toEqual([0, 0, 0]);
    const soFar = (await squaresOf(page)).length;
    await answered(soFar + 8);
    const squares = await squaresOf(page);
    expect(squares.filter(({ isFailed }) => isFailed)).toEqual([]);
    expect(new Set(squares.map(({ version }) => version))).toEqual(new Set(['1.4.0', '1.5.0']));
    // The first may have been under way.
    expect(new Set(squares.slice(soFar + 4).map(({ version }) => version))).toEqual(new Set(['1.5.0']));
    expect(await page.locator('#trouble').innerText()).toBe('No request failed in the last minute.');
  },
);

/** A pod that is ready and dies of every request: the connection breaks unanswered. */
function startDyingPod(): Promise<{ port: number; close(): void }> {
  const server = createServer((req, res) => {
    if (req.url === '/readyz') {
      res.setHeader('Connection', 'close').end('{}');
    } else {
      req.socket.destroy();
    }
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () =>
      resolve({ port: (server.address() as AddressInfo).port, close: () => server.close() }),
    );
  });
}

testWith('chromium')(
  'asks once more when a connection breaks, and shows an error only when the second one breaks too',
  async () => {
    canary = await startCanary();
    const { balancer } = canary;
    const dying = [await startDyingPod(), await startDyingPod()];
    try {
      const { page } = await openPage(browser);
      await page.goto(canary.url);
      const add = async (port = 0) => {
        balancer.add(port);
        await waitFor(() => balancer.isReady(port), 'the balancer to see the dying pod');
      };
      await add(dying[0]?.port);
      await waitFor(async () => (await squaresOf(page)).length >= 30, '30 squares');
      expect((await squaresOf(page)).filter(({ isFailed }) => isFailed)).toEqual([]);

      await add(dying[1]?.port);
      await page.locator('.card[data-version="no pod"]').waitFor();
      await page.getByText('Some requests reach no pod.').waitFor();
      const lost = (await squaresOf(page)).filter(({ isFailed }) => isFailed);
      expect(lost.map(({ version }) => version)).toEqual(lost.map(() => 'no pod'));
    } finally {
      for (const pod of dying) {
        pod.close();
      }
    }
  },
);

testWith('chromium')('asks nothing while it is hidden, and at once when it is seen again', async () => {
  canary = await startCanary();
  const { page } = await openStill(browser, canary.url);
  await pass(page, 1);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  // Headless Chromium never hides a page by itself.
  const setHidden = (isHidden: boolean) =>
    page.evaluate(`
        Object.defineProperty(document, 'hidden', { configurable: true, get: () => ${isHidden} });
        document.dispatchEvent(new Event('visibilitychange'));
      `);
  await setHidden(true);
  await page.clock.runFor(60_000);
  expect(asked).toEqual([]);
  await setHidden(false);
  await waitFor(() => asked.length >= 2, 'the page to ask');
  expect(asked.sort()).toEqual(['/api/items', '/readyz']);
  await pass(page, 1);
  expect(asked.filter((path) => path === '/api/items')).toHaveLength(5);
});
