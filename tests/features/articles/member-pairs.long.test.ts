import { sendPairs } from './member-pairs.ts';

sendPairs(1);
