// The least an Express service can be: the yardstick for what our instruments cost.
import express from 'express';
import { mountRoutes } from './routes.ts';

const app = express();
mountRoutes(app);
app.listen(Number(process.env.PORT));
