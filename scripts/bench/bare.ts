// The smallest Express service, with which the cost of this service's instruments is compared.
import express from 'express';
import { mountRoutes } from './routes.ts';

const app = express();
mountRoutes(app);
app.listen(Number(process.env.PORT));
