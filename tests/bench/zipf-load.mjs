import { readFileSync } from 'node:fs';
import autocannon from 'autocannon';
import { chance } from './words.mjs';

// A process of its own that asks for pages as readers do, the n-th most popular one n times less often than the first:
// `node zipf-load.mjs '{"url":…,"file":…,"connections":8,"seconds":4,"token":…,"seed":1}'`, where the file holds the paths as
// JSON, the most popular one first. A tenth is asked with the token. With `twice` it asks for that many paths in their order,
// each of them twice, and nothing else.

const { url, file, connections, seconds, token, seed = 1, twice } = JSON.parse(process.argv[2]);
const paths = JSON.parse(readFileSync(file, 'utf8'));
const random = chance(seed);
const sums = new Float64Array(paths.length);
for (let rank = 0, sum = 0; rank < paths.length; rank += 1) {
  sum += 1 / (rank + 1);
  sums[rank] = sum;
}

/** The rank at which the sum of all shares reaches a share drawn by chance. */
function draw() {
  const wanted = random() * sums[sums.length - 1];
  let [from, to] = [0, sums.length - 1];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (sums[middle] < wanted) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** A hundred, the same hundred once more, and on: the second time finds what the first has had kept. */
const block = 100;
let asked = 0;
function nextOfTwice() {
  const at = Math.floor(asked / (2 * block)) * block + (asked % block);
  asked += 1;
  return at % twice;
}
const nextPath = () => paths[twice === undefined ? draw() : nextOfTwice()];
const authorization = { authorization: `Bearer ${token}` };
const before = process.cpuUsage();
const result = await autocannon({
  url,
  connections,
  ...(twice === undefined ? { duration: seconds } : { amount: twice * 2 }),
  requests: [
    {
      setupRequest: (request) => ({
        ...request,
        path: nextPath(),
        headers: twice === undefined && random() < 0.1 ? authorization : {},
      }),
    },
  ],
});
const failures = result.errors + result.timeouts + result.non2xx;
if (failures > 0) {
  console.error(`${failures} of ${result.requests.total} requests to ${url} failed`, result.statusCodeStats);
  process.exit(1);
}
const { user, system } = process.cpuUsage(before);
console.log(
  JSON.stringify({
    perSecond: result.requests.average,
    answered: result.requests.total,
    bytes: result.throughput.total / result.requests.total,
    loadShare: (user + system) / 1_000_000 / result.duration,
  }),
);
