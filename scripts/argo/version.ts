/** The release of Argo Rollouts that the engine follows, `verify` validates as, and k8s/argocd/argo-rollouts.yaml installs. */
export const ARGO_ROLLOUTS_VERSION = 'v1.10.2';
