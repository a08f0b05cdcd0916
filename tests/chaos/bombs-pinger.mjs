// Asks for /livez every 20 ms, whether or not the one before has been answered, and tells how long each took:
// `node bombs-pinger.mjs <url>`. A line on its input ends a round, for which it prints the times.
import { Agent, get } from 'node:http';

const everyMs = 20;
const agent = new Agent({ keepAlive: true, maxSockets: 2_000 });
let times = [];
let open = 0;

function ping() {
  const began = performance.now();
  const round = times;
  const done = () => {
    open -= 1;
    round.push(performance.now() - began);
  };
  open += 1;
  const request = get(`${process.argv[2]}/livez`, { agent, timeout: 30_000 }, (res) =>
    res.resume().once('close', done),
  );
  request.once('timeout', () => request.destroy());
  request.once('error', done);
}

setInterval(ping, everyMs);
process.stdin.on('data', async () => {
  const round = times;
  const limit = performance.now() + 31_000;
  while (open > 0 && performance.now() < limit) await new Promise((resolve) => setTimeout(resolve, 5));
  times = [];
  process.stdout.write(`${JSON.stringify(round)}\n`);
});
process.stdin.on('end', () => process.exit(0));
