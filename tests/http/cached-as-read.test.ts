import { compare } from './cached-as-read.ts';

compare(2);
