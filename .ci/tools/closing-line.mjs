// Prints "N passed, N failed" of Jest's own result. A file that could not run counts as a failure, and so does a run
// that ended badly for another reason.
import { readFileSync } from 'node:fs';

const [file, status] = process.argv.slice(2);
const read = () => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { numPassedTests: 0, numFailedTests: 0, numRuntimeErrorTestSuites: 0 };
  }
};
const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = read();
const failed = numFailedTests + numRuntimeErrorTestSuites;
console.log(`${numPassedTests} passed, ${failed === 0 && status !== '0' ? 1 : failed} failed`);
