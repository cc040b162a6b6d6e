/** CPU seconds that `work` takes, however busy the machine is: tests tell by it work that ends soon from work that never would. */
export function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}
