import { compare } from './cached-as-read.ts';

compare(12);
