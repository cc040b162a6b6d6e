/** Seconds of a core that `work` takes, whoever else is busy: to tell what ends soon from what would go on for ever. */
export function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}
