import { readFileSync } from 'node:fs';
import autocannon from 'autocannon';

// A process of its own that sends each of the requests in a file once: `node write-load.mjs FILE`, which holds
// `{"url":…,"connections":10,"rate":0,"requests":[{"method":…,"path":…,"headers":{…},"body":…}]}`.

const { url, connections, rate, requests } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
let next = 0;
// The result comes at the next full second; the time is that of the last answer.
const began = performance.now();
let ended = began;
const load = autocannon({
  url,
  connections,
  amount: requests.length,
  ...(rate > 0 ? { overallRate: rate } : {}),
  requests: [{ setupRequest: (request) => ({ ...request, ...requests[next++ % requests.length] }) }],
});
load.on('response', () => {
  ended = performance.now();
});
const result = await load;
const ms = ended - began;
const failures = result.errors + result.timeouts + result.non2xx;
if (failures > 0) {
  console.error(`${failures} of ${result.requests.total} requests to ${url} failed`, result.statusCodeStats);
  process.exit(1);
}
const bytes = result.throughput.total / result.requests.total;
console.log(JSON.stringify({ ms, perSecond: (1000 * requests.length) / ms, bytes }));
