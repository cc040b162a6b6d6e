import { readFileSync } from 'node:fs';
import type { Request, Response } from 'express';
import type { Config } from '../config.ts';
import { renderPage } from '../page/page.ts';
import { ApiError, reply } from '../reply.ts';

/** The page's own files, read once: nothing in a request becomes the path of a file. */
const ASSETS = new Map(
  ['page.css', 'page.js', 'ask.js', 'faults.js'].map((file) => {
    const type = file.endsWith('.css') ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8';
    return [file, { type, content: readFileSync(new URL(`../page/${file}`, import.meta.url), 'utf8') }];
  }),
);

/** What openapi.json says, read once. */
const DESCRIPTION = readFileSync(new URL('../openapi.json', import.meta.url), 'utf8');

/** Everything from this origin, nothing inline, framed by nobody. */
const PAGE_HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  Vary: 'Accept',
  'Cache-Control': 'no-store',
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/** `GET /`: the page for browsers, who ask for text/html; for everyone else what this is and where things are. */
export function createLandingHandlers(
  config: Pick<Config, 'version' | 'revision' | 'port' | 'metricsPort' | 'faultsRoute'>,
) {
  const { version, revision, port, metricsPort, faultsRoute } = config;
  const links = {
    items: '/api/items',
    readyz: '/readyz',
    livez: '/livez',
    version: '/version',
    openapi: '/openapi.json',
    ...(port === metricsPort && { metrics: '/metrics' }),
    ...(faultsRoute && { faults: '/faults' }),
  };
  const page = renderPage({ version, revision, hasFaults: faultsRoute });
  const started = new Date().toISOString();
  const isPage = (req: Request): boolean => req.accepts('json', 'html') === 'html';
  return {
    /** Whether a `GET /` is answered with the page. */
    isPage,

    root: (req: Request, res: Response) =>
      isPage(req)
        ? reply(res, 200, page, PAGE_HEADERS)
        : reply(res, 200, { name: 'sample-api', version, revision, links }, { Vary: 'Accept' }),

    /** The description of all routes, for tools that make clients and pages of it. */
    description: (_req: Request, res: Response) =>
      reply(res, 200, DESCRIPTION, { 'Content-Type': 'application/json; charset=utf-8' }),

    version: (_req: Request, res: Response) => reply(res, 200, { version, revision, started }),

    asset: (req: Request, res: Response) => {
      const asset = ASSETS.get(String(req.params.file));
      if (!asset) {
        throw new ApiError('NOT_FOUND', 'there is no such file');
      }
      const headers = { 'Cache-Control': 'no-cache', 'Content-Type': asset.type, 'X-Content-Type-Options': 'nosniff' };
      reply(res, 200, asset.content, headers);
    },
  };
}
