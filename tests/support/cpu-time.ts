/** Milliseconds of CPU time that this process has used, which other work on the machine does not change. */
export const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};
