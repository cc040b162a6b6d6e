// The same routes, instrumented as prom-client's readme shows.
import express, { type Request } from 'express';
import { Counter, Histogram, Registry } from 'prom-client';
import { mountRoutes } from './routes.ts';

const registry = new Registry();
const registers = [registry];
const requests = new Counter({
  name: 'requests',
  help: 'Requests.',
  labelNames: ['method', 'route', 'code'],
  registers,
});
const durations = new Histogram({ name: 'durations', help: 'Seconds.', labelNames: ['method', 'route'], registers });

const app = express();
app.use((req: Request, res, next) => {
  const startedAt = performance.now();
  res.on('close', () => {
    const labels = { method: req.method, route: req.route?.path ?? 'unmatched' };
    requests.inc({ ...labels, code: res.statusCode });
    durations.observe(labels, (performance.now() - startedAt) / 1000);
  });
  next();
});
mountRoutes(app);
app.listen(Number(process.env.PORT));
