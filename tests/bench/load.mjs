import autocannon from 'autocannon';

// A process of its own that asks for pages as fast as it can: `node load.mjs '{"url":…,"paths":[…],"connections":8,"seconds":4}'`.

const { url, paths, connections, seconds } = JSON.parse(process.argv[2]);
const result = await autocannon({ url, connections, duration: seconds, requests: paths.map((path) => ({ path })) });
const failures = result.errors + result.timeouts + result.non2xx;
if (failures > 0) {
  console.error(`${failures} of ${result.requests.total} requests to ${url} failed`);
  process.exit(1);
}
console.log(
  JSON.stringify({ perSecond: result.requests.average, meanMs: (connections * 1000) / result.requests.average }),
);
