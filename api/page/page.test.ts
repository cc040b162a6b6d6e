import { afterEach, expect, test } from '@jest/globals';
import supertest from 'supertest';
import { type RunningApp, startApp } from '../testing/start-app.ts';

const BROWSER = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

let app: RunningApp;
const start = async (env: Readonly<Record<string, string>> = {}) => {
  app = await startApp({ VERSION: '1.4.0', REVISION: '4f1d2c0', LOG_LEVEL: 'silent', ...env });
};
afterEach(() => app.close());

const get = (path: string, headers: Readonly<Record<string, string>> = {}) => fetch(`${app.url}${path}`, { headers });

test('runs nothing inline and loads only its own files, by relative addresses', async () => {
  await start({ FAULTS: 'on' });
  const response = await get('/', BROWSER);
  const page = await response.text();
  expect(response.headers.get('content-type')).toMatch(/^text\/html/);
  expect(response.headers.get('content-security-policy')).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  );
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  expect(response.headers.get('referrer-policy')).toBe('no-referrer');
  expect(page).toContain('version <strong>1.4.0</strong>');
  expect(page).not.toMatch(/<style|style=|\son\w+=|<script(?![^>]*src=)/);
  expect(page).not.toMatch(/(?:src|href)="(?!assets\/|data:)/);
});

test('is at most 30 KB with everything it loads', async () => {
  await start({ FAULTS: 'on' });
  const page = await (await get('/', BROWSER)).text();
  const files = [...page.matchAll(/(?:src|href)="(assets\/[^"]+)"/g)].map(([, file]) => file);
  expect(files).toEqual(['assets/page.css', 'assets/page.js', 'assets/faults.js']);
  let bytes = Buffer.byteLength(page);
  // Grows by what its files import.
  for (const file of files) {
    const response = await get(`/${file}`);
    expect([response.status, response.headers.get('x-content-type-options')]).toEqual([200, 'nosniff']);
    const text = await response.text();
    bytes += Buffer.byteLength(text);
    for (const [, name] of text.matchAll(/from '\.\/(.+)'/g)) {
      if (!files.includes(`assets/${name}`)) {
        files.push(`assets/${name}`);
      }
    }
  }
  expect(files).toHaveLength(4);
  expect(bytes).toBeLessThanOrEqual(30_000);
});

test('has sliders only where faults can be set', async () => {
  await start();
  expect(await (await get('/', BROWSER)).text()).not.toMatch(/faults/);
});

test('comes up whatever the faults, which it shows and clears; everyone else meets them', async () => {
  await start({ FAULT_ERROR_RATIO: '1' });
  for (const path of ['/', '/assets/page.js', '/assets/page.css']) {
    expect((await get(path, BROWSER)).status).toBe(200);
  }
  for (const path of ['/', '/api/items', '/nope']) {
    expect((await get(path)).status).toBe(500);
  }
});

test('escapes a version that looks like markup', async () => {
  await start({ VERSION: '<script>"1"</script>' });
  expect(await (await get('/', BROWSER)).text()).not.toContain('<script>"1"');
});

test.each(['/assets/page.ts', '/assets/..%2fmain.ts', '/assets/%2e%2e/package.json'])(
  'serves no other file as %s',
  async (path) => {
    await start();
    await supertest(app.users).get(path).expect(404);
  },
);
