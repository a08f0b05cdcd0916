// Prints "N passed, N failed" of Jest's own results. A file that could not run counts as a failure, and so does a run
// that ended badly for another reason.
import { readFileSync } from 'node:fs';

const [status, ...files] = process.argv.slice(2);
const read = (file) => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { numPassedTests: 0, numFailedTests: 0, numRuntimeErrorTestSuites: 0 };
  }
};
const sum = (count) => files.map(read).reduce((total, result) => total + count(result), 0);
const passed = sum(({ numPassedTests }) => numPassedTests);
const failed = sum((result) => result.numFailedTests + result.numRuntimeErrorTestSuites);
console.log(`${passed} passed, ${failed === 0 && status !== '0' ? 1 : failed} failed`);
