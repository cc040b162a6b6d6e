// The same routes behind the middleware most Express services are instrumented with.
import express from 'express';
import promBundle from 'express-prom-bundle';
import { mountRoutes } from './routes.ts';

const app = express();
app.use(promBundle({ includeMethod: true, includePath: true, promClient: { collectDefaultMetrics: {} } }));
mountRoutes(app);
app.listen(Number(process.env.PORT));
