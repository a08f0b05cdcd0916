import { walk } from './cache-keys.ts';

walk(40);
