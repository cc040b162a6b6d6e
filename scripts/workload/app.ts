import { type JsonMap, listAt, textAt } from '../manifest/json.ts';

/** Variables that this repository's API reads. */
const OUR_VARIABLES = new Set(['BACKEND_URL', 'BACKEND_ID', 'READINESS', 'DRAIN_SECONDS', 'REQUEST_DEADLINE_SECONDS']);

/**
 * Whether a container runs this repository's API: its `env` sets at least two of the API's variables. The API reads the FAULT_
 * variables, and exposes every series at 0 from its start; most apps expose a series only with the first request it counts.
 */
export function isOurApi(container: JsonMap): boolean {
  return listAt(container, ['env']).filter((one) => OUR_VARIABLES.has(textAt(one, ['name']) ?? '')).length > 1;
}
