/**
 * Throws if there are arguments. Whoever adds `--help` or `--dry-run` does not expect that migrations are applied, and
 * whoever adds `--port` does not expect another port. They are not quoted: one may be a password.
 */
export function expectNoArguments(args: readonly string[]): void {
  if (args.length > 0)
    throw new Error('it takes no arguments, and nothing was done; settings are environment variables');
}
