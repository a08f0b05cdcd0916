// A server whose numbering its parent turns on and off: `fork` it with its environment; it sends its address, and an answer
// to each message, which is what shall run: nothing, numbering with LISTEN, or all of a process that serves readers.
import { pino } from 'pino';
import { createApp } from '../../dist/modules/app.js';
import { readConfig } from '../../dist/modules/config.js';
import { openDeps } from '../../dist/modules/deps.js';
import { listen } from '../../dist/modules/http/server/server.js';
import { numberOnce } from '../../dist/modules/outbox/numbering.js';
import { openServices } from '../../dist/modules/services.js';
import { startNumbers, startOutbox } from '../../dist/modules/start/outbox.js';

const config = readConfig(process.env);
const deps = await openDeps({ ...config, PUBLIC_URL: 'https://news.example' }, pino({ level: 'error' }));
const services = openServices(deps);
const server = await listen(createApp(deps, services, process.stdout), { port: 0, host: '127.0.0.1' });
const running = { deps, services };
const starts = {
  nothing: () => async () => {},
  numbering: () => startNumbers(running, () => {}),
  all: () => startOutbox(running),
};
let stop = starts.nothing();
process.on('message', async (what) => {
  await stop();
  // What nobody numbered is no work of the next round.
  while ((await numberOnce(deps.db)) === null);
  stop = starts[what]();
  process.send('done');
});
process.on('disconnect', () => process.exit(0));
process.send(`http://127.0.0.1:${server.port}`);
