import { pino } from 'pino';
import { ofCommand, readConfig } from '../config.ts';
import { type Deps, type DepsOverrides, openDeps } from '../deps.ts';
import { type Installation, openInstallation } from './installation.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export type CommandWork<Result> = (deps: Deps, embedded: Installation['embedded']) => Promise<Result>;

/** Opens what a command works on, in the database of DATABASE_URL or the embedded one, and closes it after the work. */
export async function withOwnDeps<Result>(
  env: Environment,
  work: CommandWork<Result>,
  overrides: DepsOverrides = {},
): Promise<Result> {
  const config = readConfig(ofCommand(env));
  const installation = await openInstallation(config, () => {});
  try {
    const deps = await openDeps(installation.complete(config.PORT), pino({ level: 'silent' }), overrides);
    return await work(deps, installation.embedded).finally(() => deps.close());
  } finally {
    await installation.embedded?.stop();
  }
}
