import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { startBrowser } from '../../api/testing/browser.ts';
import { takePictures } from '../../api/testing/picture.ts';
import { has, testWith } from '../../api/testing/servers.ts';
import { picture, record, type Size, until } from './testing/terminal.ts';

/** `npm run docs:images` makes the pictures of the documents anew; a test alone plays simulated releases, into a folder of its own. */
const isForDocuments = process.env.DOCS_IMAGES === '1';
const ROOT = new URL('../..', import.meta.url).pathname;
const SHOWN = join(ROOT, 'docs/images');
const TERMINAL: Size = { columns: 100, rows: 20 };
/** Written when the gate has read a broken release once, and will abort it at the next read. */
const MOMENT = 'Failed';
const NAMES = ['rehearsal', 'report-light', 'report-dark', 'odds', 'page-light', 'page-dark'].map(
  (name) => `${name}.png`,
);

jest.setTimeout(300_000);

const own = mkdtempSync(join(tmpdir(), 'docs-images-'));
const folder = isForDocuments ? SHOWN : own;
let browser: Browser | undefined;
beforeAll(async () => {
  browser = has('chromium') ? await startBrowser() : undefined;
});
afterAll(async () => {
  await browser?.close();
  rmSync(own, { recursive: true });
});

/** The first screens of a page. */
async function shoot(opened: Browser, url: string, colorScheme: 'light' | 'dark', height = 1130): Promise<Buffer> {
  const page = await opened.newPage({ viewport: { width: 1100, height }, deviceScaleFactor: 1.5, colorScheme });
  await page.goto(url);
  const image = await page.screenshot();
  await page.close();
  return image;
}

testWith('chromium', 'script')('the pictures of README.md and docs/ can be made', async () => {
  const opened = browser as Browser;
  const save = (name: string, image: Buffer) => writeFileSync(join(folder, name), image);
  const report = join(own, 'report.html');
  const world = isForDocuments ? [] : ['--world', 'model'];
  const pieces = await record(
    [process.execPath, 'scripts/run.ts', 'rehearse', '--report', report, ...world],
    ROOT,
    TERMINAL,
  );
  const shown = isForDocuments ? until(pieces, MOMENT, 3) : pieces.join('');
  save('rehearsal.png', await picture(opened, `$ npm run rehearse\r\n${shown}`, TERMINAL));
  for (const colorScheme of ['light', 'dark'] as const) {
    save(`report-${colorScheme}.png`, await shoot(opened, `file://${report}`, colorScheme));
  }
  const odds = join(own, 'odds.html');
  const few = isForDocuments ? [] : ['--runs', '20'];
  await record([process.execPath, 'scripts/run.ts', 'odds', '--report', odds, ...few], ROOT, TERMINAL);
  save('odds.png', await shoot(opened, `file://${odds}`, 'light', 640));
  await takePictures(folder, isForDocuments ? 60 : 5);
  for (const name of NAMES) {
    // An empty picture has a few kilobytes.
    expect(readFileSync(join(folder, name)).length).toBeGreaterThan(10_000);
    expect(readFileSync(join(SHOWN, name)).length).toBeGreaterThan(10_000);
  }
});
