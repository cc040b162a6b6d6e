import { KubeConfig } from '@kubernetes/client-node';
import { ClusterClient } from '../client.ts';

/** A client of a server, as a kubeconfig would make it. */
export function connectTo(server: string, context = 'kind-test'): ClusterClient {
  const config = new KubeConfig();
  config.loadFromOptions({
    // Without `skipTLSVerify` the client refuses plain HTTP.
    clusters: [{ name: context, server, skipTLSVerify: true }],
    users: [{ name: context }],
    contexts: [{ name: context, cluster: context, user: context }],
    currentContext: context,
  });
  return new ClusterClient(config);
}
