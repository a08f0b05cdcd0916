import autocannon from 'autocannon';

// A process of its own that asks for pages as fast as it can:
// `node load.mjs '{"url":…,"paths":[…],"connections":8,"seconds":4,"headers":{…},"status":200}'`.
// With `requests` it sends those of autocannon instead, in which `[<id>]` is another word each time.

const {
  url,
  paths = [],
  requests,
  connections,
  seconds,
  rate = 0,
  headers = {},
  status = 200,
} = JSON.parse(process.argv[2]);
const before = process.cpuUsage();
const result = await autocannon({
  url,
  connections,
  duration: seconds,
  ...(rate > 0 ? { overallRate: rate } : {}),
  requests: requests ?? paths.map((path) => ({ path, headers })),
  idReplacement: requests !== undefined,
});
const { user, system } = process.cpuUsage(before);
const answered = result.statusCodeStats[String(status)]?.count ?? 0;
const others = Object.values(result.statusCodeStats).reduce((sum, { count }) => sum + count, 0) - answered;
const failures = result.errors + result.timeouts + others;
if (failures > 0) {
  console.error(`${failures} of ${result.requests.total} requests to ${url} failed`);
  process.exit(1);
}
console.log(
  JSON.stringify({
    perSecond: result.requests.average,
    meanMs: (connections * 1000) / result.requests.average,
    answered,
    /** Of a core. */
    loadShare: (user + system) / 1_000_000 / result.duration,
  }),
);
