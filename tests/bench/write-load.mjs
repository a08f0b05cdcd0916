import { readFileSync } from 'node:fs';
import { Agent, request as ask } from 'node:http';
import autocannon from 'autocannon';

// A process of its own that sends each of the requests in a file once: `node write-load.mjs FILE`, which holds
// `{"url":…,"connections":10,"rate":0,"requests":[{"method":…,"path":…,"headers":{…},"body":…}]}`. Without a rate as fast
// as the connections can; with one, each at its own moment of the second.

const { url, connections, rate, requests } = JSON.parse(readFileSync(process.argv[2], 'utf8'));

function fail(failures, count, seen) {
  console.error(`${failures} of ${count} requests to ${url} failed`, seen);
  process.exit(1);
}

async function atFullSpeed() {
  let next = 0;
  // The result comes at the next full second; the time is that of the last answer.
  const began = performance.now();
  let ended = began;
  const load = autocannon({
    url,
    connections,
    amount: requests.length,
    requests: [{ setupRequest: (request) => ({ ...request, ...requests[next++ % requests.length] }) }],
  });
  load.on('response', () => {
    ended = performance.now();
  });
  const result = await load;
  const failures = result.errors + result.timeouts + result.non2xx;
  if (failures > 0) fail(failures, result.requests.total, result.statusCodeStats);
  return { ms: ended - began, bytes: result.throughput.total / result.requests.total };
}

/** Autocannon sends what a second has to bring as fast as it can at the second's beginning, and then pauses. */
async function atRate() {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const send = ({ body, ...how }) =>
    new Promise((resolve, reject) => {
      const sent = ask(url, { ...how, agent }, (response) => {
        let bytes = 0;
        response.on('data', (part) => {
          bytes += part.length;
        });
        response.on('end', () => resolve({ status: response.statusCode, bytes }));
      });
      sent.on('error', reject);
      sent.end(body);
    });
  const began = performance.now();
  const answers = await Promise.all(
    requests.map(async (request, index) => {
      await new Promise((resolve) => setTimeout(resolve, (1000 * index) / rate));
      return send(request);
    }),
  );
  const ms = performance.now() - began;
  agent.destroy();
  const failed = answers.filter(({ status }) => status < 200 || status > 299);
  if (failed.length > 0) fail(failed.length, answers.length, failed[0].status);
  return { ms, bytes: answers.reduce((sum, { bytes }) => sum + bytes, 0) / answers.length };
}

const { ms, bytes } = await (rate > 0 ? atRate() : atFullSpeed());
console.log(JSON.stringify({ ms, perSecond: (1000 * requests.length) / ms, bytes }));
