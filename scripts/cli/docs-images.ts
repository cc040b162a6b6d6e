import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { startBrowser } from '../../api/testing/browser.ts';
import { takePictures } from '../../api/testing/picture.ts';
import { picture, record, type Size, until } from '../docs/terminal.ts';
import { CommandError, createCommand } from './command.ts';
import { flag, option, text } from './options.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const COMMAND = {
  usage: 'npm run docs:images -- [options]',
  about: `Makes the pictures of the README anew: plays releases on a terminal and opens their report in Chromium.
Needs chromium, and script (util-linux).`,
  options: {
    to: option('DIR', 'where the pictures go; default docs/images', text),
    quick: flag("simulated releases, without the terminal's live view: to see whether it works"),
  },
  end: 'Exit: 0 made · 2 wrong usage · 3 could not be made.',
};
const TERMINAL: Size = { columns: 100, rows: 13 };
/** Said when the gate has read a broken release once, and will abort it at the next read. */
const MOMENT = 'Failed';

export const main = createCommand(COMMAND, async ({ values }, { out, err, cwd }) => {
  const folder = resolve(cwd, values.to ?? join(ROOT, 'docs/images'));
  await mkdir(folder, { recursive: true });
  const save = async (name: string, image: Buffer): Promise<void> => {
    await writeFile(join(folder, name), image);
    out.write(`${join(folder, name)}\n`);
  };
  const own = await mkdtemp(join(tmpdir(), 'docs-images-'));
  let browser: Browser | undefined;
  try {
    browser = await startBrowser();
    const report = join(own, 'report.html');
    err.write('playing releases on a terminal\n');
    const argv = [
      process.execPath,
      'scripts/rehearse.ts',
      '--report',
      report,
      ...(values.quick ? ['--world', 'model'] : []),
    ];
    const pieces = await record(argv, ROOT, TERMINAL);
    const shown = values.quick ? pieces.join('') : until(pieces, MOMENT, 3);
    await save('rehearsal.png', await picture(browser, `$ npm run rehearse\r\n${shown}`, TERMINAL));
    for (const colorScheme of ['light', 'dark'] as const) {
      await save(`report-${colorScheme}.png`, await shoot(browser, `file://${report}`, colorScheme));
    }
    const odds = join(own, 'odds.html');
    await record([process.execPath, 'scripts/odds.ts', '--report', odds], ROOT, TERMINAL);
    await save('odds.png', await shoot(browser, `file://${odds}`, 'light', 640));
    err.write('watching a canary on the page\n');
    await takePictures(folder);
    out.write(`${join(folder, 'page-light.png')}\n${join(folder, 'page-dark.png')}\n`);
    return 0;
  } catch (error) {
    // Playwright's messages go on with what it logged.
    throw new CommandError(`making pictures: ${(error as Error).message.split('\n')[0]}`, { cause: error });
  } finally {
    await browser?.close();
    await rm(own, { recursive: true });
  }
});

/** The first screens of a page. */
async function shoot(browser: Browser, url: string, colorScheme: 'light' | 'dark', height = 1130): Promise<Buffer> {
  const page = await browser.newPage({ viewport: { width: 1100, height }, deviceScaleFactor: 1.5, colorScheme });
  await page.goto(url);
  const image = await page.screenshot();
  await page.close();
  return image;
}
