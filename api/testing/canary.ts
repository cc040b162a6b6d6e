import { type Balancer, startBalancer } from './balancer.ts';
import { type RunningProcess, startProcess, waitFor } from './start-process.ts';

/** A release at 25 %: three pods of the old version and one of the new, behind a balancer. */
export interface Canary {
  readonly url: string;
  readonly balancer: Balancer;
  readonly stable: readonly RunningProcess[];
  readonly canary: RunningProcess;
  stop(): Promise<void>;
}

type Environment = Readonly<Record<string, string>>;

/** Starts versions 1.4.0 and 1.5.0, each with its own environment. Resolves once the balancer has found all four pods ready. */
export async function startCanary(stableEnv: Environment = {}, canaryEnv: Environment = {}): Promise<Canary> {
  const start = (VERSION: string, env: Environment) =>
    startProcess({ VERSION, REVISION: '4f1d2c0', DRAIN_SECONDS: '1', ...env });
  const [canary, ...stable] = await Promise.all([
    start('1.5.0', canaryEnv),
    ...[1, 2, 3].map(() => start('1.4.0', stableEnv)),
  ]);
  const pods = [canary, ...stable];
  const balancer = await startBalancer();
  for (const { port } of pods) {
    balancer.add(port);
  }
  await waitFor(() => pods.every(({ port }) => balancer.isReady(port)), 'the balancer to see four pods');
  return {
    url: `http://127.0.0.1:${balancer.port}/`,
    balancer,
    stable,
    canary,
    async stop() {
      balancer.close();
      await Promise.all(pods.map((pod) => pod.stop('SIGKILL')));
    },
  };
}
