import { askAtRandom } from './list-articles-model.ts';

askAtRandom(8);
