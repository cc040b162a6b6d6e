// The service's routes without its middleware, in its order, so that matching a path costs the same in all servers compared: bare, or
// with the instruments that INSTRUMENTS names.
import express, { type RequestHandler } from 'express';
import promBundle from 'express-prom-bundle';
import { Counter, Histogram, Registry } from 'prom-client';

/** As prom-client's readme shows. */
function plain(): RequestHandler {
  const registers = [new Registry()];
  const requests = new Counter({
    name: 'requests',
    help: 'Count.',
    labelNames: ['method', 'route', 'code'],
    registers,
  });
  const durations = new Histogram({ name: 'durations', help: 'Seconds.', labelNames: ['method', 'route'], registers });
  return (req, res, next) => {
    const startedAt = performance.now();
    res.on('close', () => {
      const labels = { method: req.method, route: req.route?.path ?? 'unmatched' };
      requests.inc({ ...labels, code: res.statusCode });
      durations.observe(labels, (performance.now() - startedAt) / 1000);
    });
    next();
  };
}

const app = express().disable('x-powered-by');
if (process.env.INSTRUMENTS === 'plain') {
  app.use(plain());
} else if (process.env.INSTRUMENTS === 'bundle') {
  app.use(promBundle({ includeMethod: true, includePath: true, promClient: { collectDefaultMetrics: {} } }));
}
const started = new Date().toISOString();
const items = new Map([['42', { id: '42', name: 'bolt', quantity: 3 }]]);
app.get('/api/items', (_req, res) => void res.json({ items: [...items.values()] }));
app.get('/api/items/:id', (req, res) => void res.json(items.get(req.params.id)));
app.get('/version', (_req, res) => void res.json({ version: '0.1.0', revision: 'unknown', started }));
app.listen(Number(process.env.PORT));
