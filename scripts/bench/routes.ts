import type { Express, Request, Response } from 'express';

/** Mounts the service's routes without its middleware, in its order, so that matching a path costs the same in all servers compared. */
export function mountRoutes(app: Express): void {
  const started = new Date().toISOString();
  const items = new Map([['42', { id: '42', name: 'bolt', quantity: 3 }]]);
  app.disable('x-powered-by');
  app.get('/api/items', (_req: Request, res: Response) => {
    res.status(200).json({ items: [...items.values()] });
  });
  app.get('/api/items/:id', (req: Request, res: Response) => {
    res.status(200).json(items.get(String(req.params.id)));
  });
  app.get('/version', (_req: Request, res: Response) => {
    res.status(200).json({ version: '0.1.0', revision: 'unknown', started });
  });
}
