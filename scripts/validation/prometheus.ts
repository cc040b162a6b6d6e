import { at, isMap, type JsonMap, mapAt, numberAt, textAt } from '../manifest/json.ts';

const HOST = /^(\[[^\]]+\]|([-\w.~!$&'()*+,;=<>"\u0080-\uffff]|%25|%[89a-f][0-9a-f])*)(:\d*)?$/i;

/** Whether Go's `url.Parse` finds a scheme and a host, as the provider's `IsUrl` asks for. */
function isUrl(text: string): boolean {
  const [, authority = '', path = '', fragment = ''] =
    /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)([^?#]*)[^#]*(.*)$/i.exec(text) ?? [];
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: Go refuses them.
  const hasControl = /[\x00-\x1f\x7f]/.test(text);
  return host !== '' && HOST.test(host) && !hasControl && !/%(?![0-9a-f]{2})/i.test(path + fragment);
}

/**
 * Why the controller cannot query Prometheus for a metric, so that every read is an Error with this message; undefined if it can.
 * `address` is the controller's ARGO_ROLLOUTS_PROMETHEUS_ADDRESS. Mirrors `NewPrometheusAPI` and `NewPrometheusProvider` in
 * argo-rollouts `metricproviders/prometheus/prometheus.go` (v1.10.2).
 */
export function prometheusProblem(metric: JsonMap, address: string): string | undefined {
  const prometheus = mapAt(metric, ['provider', 'prometheus']);
  const asked = (textAt(prometheus, ['address']) ?? '') || address;
  if (asked === '') {
    return 'prometheus address is not configured';
  }
  if (!isUrl(asked)) {
    return 'prometheus address is not is url format';
  }
  const oauth = at(prometheus, ['authentication', 'oauth2']);
  const isMissing = (field: string) => (textAt(oauth, [field]) ?? '') === '';
  if (isMap(oauth) && !isMissing('tokenUrl') && (isMissing('clientId') || isMissing('clientSecret'))) {
    return 'missing mandatory parameter in metric for OAuth2 setup';
  }
  const timeout = numberAt(prometheus, ['timeout']);
  if (timeout !== undefined && timeout < 0) {
    return 'prometheus timeout should not be negative';
  }
  return timeout === 0 ? `Post "${asked}/api/v1/query": context deadline exceeded` : undefined;
}
