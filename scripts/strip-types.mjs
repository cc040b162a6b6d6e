import { stripTypeScriptTypes } from 'node:module';

/** Gives jest the same code Node runs: types blanked out, every line and column where it was. */
// biome-ignore lint/style/noDefaultExport: the form in which jest loads a transformer
export default { process: (source) => ({ code: stripTypeScriptTypes(source) }) };
