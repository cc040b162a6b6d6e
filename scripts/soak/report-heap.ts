/** Loaded before the API: says every few seconds what is kept once all garbage has been collected. Needs `--expose-gc`. */
const SECONDS = 3;

const report = () => {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  process.stderr.write(`kept ${heapUsed + external}\n`);
};
setInterval(report, SECONDS * 1000).unref();
