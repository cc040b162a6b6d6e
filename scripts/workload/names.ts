import type { Json } from '../manifest/json.ts';

/** A DNS label: what containers, ports of Services and most objects are called. Kubernetes `validation.IsDNS1123Label`. */
export const isDnsLabel = (text: string) => text.length <= 63 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(text);

/** Kubernetes `validation.IsDNS1123Subdomain`: what config maps, secrets, service accounts and nodes are called. */
export const isSubdomain = (text: string) =>
  text.length <= 253 && text.split('.').every((part) => /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(part));

const NAME = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

/** `[prefix/]name`. Kubernetes `validation.IsQualifiedName`. */
export function isLabelName(text: string): boolean {
  const parts = text.split('/');
  const name = parts.at(-1) ?? '';
  const prefix = parts.length === 2 ? (parts[0] ?? '') : undefined;
  const isPrefixFine = prefix === undefined || isSubdomain(prefix);
  return parts.length <= 2 && name.length <= 63 && NAME.test(name) && isPrefixFine;
}

/** Kubernetes `validation.IsValidLabelValue`; null decodes to the empty string. */
export function isLabelValue(value: Json | undefined): boolean {
  const text = value ?? '';
  return typeof text === 'string' && text.length <= 63 && (text === '' || NAME.test(text));
}

/** Kubernetes `validation.IsValidPortNum`. */
export const isPortNumber = (port: number) => port >= 1 && port <= 65_535;

/** Kubernetes `validation.IsValidPortName`. Returns what the name must do (`hold a letter`), undefined for a valid name. */
export function portNameProblem(text: string): string | undefined {
  if (text.length > 15) {
    return 'be no more than 15 characters';
  }
  if (!/^[-a-z0-9]+$/.test(text)) {
    return 'be lower case letters, digits and hyphens';
  }
  if (!/[a-z]/.test(text)) {
    return 'hold a letter';
  }
  return text.includes('--') || text.startsWith('-') || text.endsWith('-')
    ? 'not begin, end or double a hyphen'
    : undefined;
}

/** Kubernetes `validation.IsEnvVarName`: the strict form that the controller checks; newer API servers accept more names. */
export const isVariableName = (text: string) => /^[-._A-Za-z][-._A-Za-z0-9]*$/.test(text) && isNoPath(text);

/** Kubernetes `validation.IsConfigMapKey`: a key of a config map or of a secret. */
export const isDataKey = (text: string) => text.length <= 253 && /^[-._A-Za-z0-9]+$/.test(text) && isNoPath(text);

const isNoPath = (text: string) => text !== '.' && !text.startsWith('..');
