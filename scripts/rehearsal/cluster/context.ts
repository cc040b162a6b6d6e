import { KubeConfig } from '@kubernetes/client-node';
import { RehearsalError } from '../errors.ts';

const REMEDY = 'name one with KUBECONFIG';

/**
 * The user's kubeconfig (`KUBECONFIG`, else `~/.kube/config`), set to a context. Throws RehearsalError where there is none, or no
 * such context.
 */
export function loadKubeConfig(context: string | undefined): KubeConfig {
  const config = new KubeConfig();
  try {
    config.loadFromDefault();
  } catch (error) {
    throw new RehearsalError(`reading the kubeconfig: ${(error as Error).message}; ${REMEDY}`, { cause: error });
  }
  // Without a kubeconfig the library makes up a context of this name.
  const contexts = config.getContexts().filter(({ name }) => name !== 'loaded-context');
  const names = contexts.map(({ name }) => name);
  const wanted = context ?? config.getCurrentContext();
  if (names.length === 0) {
    throw new RehearsalError(`there is no kubeconfig, or it has no context: ${REMEDY}`);
  }
  if (!names.includes(wanted)) {
    throw new RehearsalError(
      `the kubeconfig has no context '${wanted}': choose one of ${names.map((name) => `'${name}'`).join(', ')} with --context`,
    );
  }
  config.setCurrentContext(wanted);
  return config;
}

/** The names among them that look like production, such as `shop-prod`. */
export function productionNames(names: readonly string[]): readonly string[] {
  return names.filter((name) => /(^|[^a-z])(prod|prd|production|live)([^a-z]|$)/i.test(name));
}
