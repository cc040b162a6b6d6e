import express, { type RequestHandler } from 'express';
import { ApiError } from '../reply.ts';

const requireJson: RequestHandler = (req, _res, next) => {
  if (!req.is('application/json')) {
    throw new ApiError('UNSUPPORTED_MEDIA_TYPE', '`Content-Type` must be application/json, with a body');
  }
  next();
};

/** For routes that take a body: reads JSON of at most 100 KiB, after inflating, into `req.body`. */
export const json: readonly RequestHandler[] = [requireJson, express.json({ limit: '100kb' })];
