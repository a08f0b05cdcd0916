import { walk } from './cache-keys.ts';

/** `KEYS_STEPS` asks for more changes. */
walk(Number(process.env.KEYS_STEPS ?? 16));
