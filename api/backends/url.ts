/** What `BACKEND_URL` may start with. */
const BACKEND_SCHEMES = ['memory:', 'redis:', 'rediss:', 'postgres:', 'postgresql:', 'http:', 'https:'] as const;

/** A backend's address, credentials apart: `url` may be logged and shown. */
export interface BackendUrl {
  readonly url: URL;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads `BACKEND_URL`, `BACKEND_USERNAME` and `BACKEND_PASSWORD`, and takes the credentials out of the URL.
 * Unusable values are added to `problems`; no problem ever quotes a credential.
 */
export function parseBackendUrl(env: Environment, problems: string[]): BackendUrl {
  const text = env.BACKEND_URL ?? 'memory:';
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const flaw = url ? flawOf(url) : 'must be a URL';
  if (url === undefined || flaw !== undefined) {
    problems.push(`BACKEND_URL ${flaw}, got '${withoutCredentials(text)}'`);
    return { url: new URL('memory:') };
  }

  const username = credential(env, 'BACKEND_USERNAME', url.username, problems);
  const password = credential(env, 'BACKEND_PASSWORD', url.password, problems);
  url.username = '';
  url.password = '';
  return { url, username, password };
}

function flawOf(url: URL): string | undefined {
  const [path, isNetwork] = [url.pathname, url.protocol !== 'memory:'];
  if (!BACKEND_SCHEMES.some((scheme) => scheme === url.protocol)) {
    return `must start with one of ${BACKEND_SCHEMES.join(' ')}`;
  }
  if (isNetwork && url.hostname === '') {
    return 'must name a host';
  }
  if (url.hash !== '') {
    return "must not have a '#' part";
  }
  switch (url.protocol) {
    case 'memory:':
      return /^[A-Za-z0-9._-]{0,128}$/.test(path) && url.search === ''
        ? undefined
        : "must be 'memory:' or 'memory:NAME', NAME of letters, digits, '.', '_' and '-'";
    case 'redis:':
    case 'rediss:':
      return /^(\/\d{0,4})?$/.test(path) && url.search === ''
        ? undefined
        : "must end in '/' and the number of a Redis database, or in the host";
    case 'postgres:':
    case 'postgresql:':
      if (!/^\/[^/]+$/.test(path)) {
        return "must end in '/' and the name of a PostgreSQL database";
      }
      // The client would take a password from here too, and the address is shown to everyone.
      return [...url.searchParams.keys()].every((name) => name === 'sslmode')
        ? undefined
        : "must not have a '?' part other than sslmode";
    default:
      return url.search === '' ? undefined : "must not have a '?' part";
  }
}

function credential(env: Environment, name: string, inUrl: string, problems: string[]): string | undefined {
  const given = env[name];
  if (given === '') {
    problems.push(`${name} must not be empty; leave it unset for none`);
  }
  if (given !== undefined && inUrl !== '') {
    problems.push(`${name} must not be set when BACKEND_URL has one too`);
  }
  if (given !== undefined) {
    return given;
  }
  if (inUrl === '') {
    return undefined;
  }
  try {
    return decodeURIComponent(inUrl);
  } catch {
    // A '%' without two digits: the password was not encoded, so it is taken as it is.
    return inUrl;
  }
}

/** Works for text that is no URL too: everything before the last `@`, or after a `?` or `#`, may be a credential. */
function withoutCredentials(text: string): string {
  return text
    .replace(/^([a-z+]+:)?(\/\/)?.*@/is, '$1$2***@')
    .replace(/([?#]).*/s, '$1***')
    .slice(0, 200);
}
