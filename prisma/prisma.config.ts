import { defineConfig } from 'prisma/config';

// The command line downloads a schema engine even for `generate`, which does not use it.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;

export default defineConfig({ schema: 'schema.prisma', migrations: { path: 'migrations' } });
