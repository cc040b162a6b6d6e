import express, { type Request, type Response } from 'express';
import { ApiError } from './errors.ts';

const parse = express.json({ limit: '100kb' });

/**
 * The JSON in a request's body. Rejects with `ApiError` when the media type is not JSON, and with
 * body-parser's own error when the body is malformed, larger than 100 KiB after inflating, or cut short.
 */
export async function readJson(req: Request, res: Response): Promise<unknown> {
  if (!req.is('application/json')) {
    throw new ApiError('UNSUPPORTED_MEDIA_TYPE', '`Content-Type` must be application/json, with a body');
  }
  await new Promise<void>((resolve, reject) => parse(req, res, (error) => (error ? reject(error) : resolve())));
  return req.body;
}
