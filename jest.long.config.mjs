import usual from './jest.config.mjs';

/**
 * `npm run test:long`: tests that start processes or clusters of their own and end them, wait for what takes its time, or
 * walk far through what can be made. Of each of these a smaller test is in `npm test`.
 */
export default { ...usual, testRegex: ['\\.long\\.test\\.ts$'], maxWorkers: '100%' };
