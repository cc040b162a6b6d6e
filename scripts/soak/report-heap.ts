/** Loaded before the API: every few seconds, collects garbage and writes the bytes that remain to stderr. Needs `--expose-gc`. */
const SECONDS = 3;

const report = () => {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  process.stderr.write(`kept ${heapUsed + external}\n`);
};
setInterval(report, SECONDS * 1000).unref();
