import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

// A headless Chromium, spoken to through a pipe in its own protocol, so that no package is needed for it.

/** The path of the program, or undefined where it is not installed. */
export const findChromium = () =>
  [process.env.CHROMIUM, 'chromium', 'chromium-browser', 'google-chrome'].find(
    (path) => path && spawnSync(path, ['--version'], { stdio: 'ignore' }).status === 0,
  );

const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run'];
const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** Calls and events of the browser's protocol, over the two ends of a pipe. */
function openWire(to, from) {
  const waiting = new Map();
  const listeners = [];
  let count = 0;
  let rest = '';
  from.setEncoding('utf8');
  from.on('data', (text) => {
    const messages = (rest + text).split('\0');
    rest = messages.pop();
    for (const { id, error, result, ...event } of messages.map((message) => JSON.parse(message))) {
      if (id === undefined) for (const listener of listeners) listener(event);
      else waiting.get(id)?.(error, result);
      waiting.delete(id);
    }
  });
  return {
    listen: (listener) => listeners.push(listener),
    call: (method, params = {}, sessionId = undefined) =>
      new Promise((resolve, reject) => {
        count += 1;
        waiting.set(count, (error, result) =>
          error ? reject(new Error(`${method}: ${error.message}`)) : resolve(result),
        );
        to.write(`${JSON.stringify({ id: count, method, params, sessionId })}\0`);
      }),
  };
}

const violations = `addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
  (window.refusedByPolicy ??= []).push(violatedDirective + ' ' + blockedURI);
});`;

async function openPage(wire, { width, height }) {
  const { browserContextId } = await wire.call('Target.createBrowserContext');
  const { targetId } = await wire.call('Target.createTarget', { url: 'about:blank', browserContextId });
  const { sessionId } = await wire.call('Target.attachToTarget', { targetId, flatten: true });
  const call = (method, params) => wire.call(method, params, sessionId);
  const seen = { addresses: [], complaints: [], bytes: 0 };
  wire.listen(({ method, params, sessionId: of }) => {
    if (of !== sessionId) return;
    if (method === 'Network.requestWillBeSent') seen.addresses.push(params.request.url);
    if (method === 'Network.loadingFinished') seen.bytes += params.encodedDataLength;
    if (method === 'Runtime.exceptionThrown') seen.complaints.push(params.exceptionDetails.exception?.description);
    if (method === 'Log.entryAdded' && params.entry.level === 'error') seen.complaints.push(params.entry.text);
  });
  for (const domain of ['Page', 'Network', 'Runtime', 'Log']) await call(`${domain}.enable`);
  await call('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: width < 600 });
  await call('Page.addScriptToEvaluateOnNewDocument', { source: violations });
  const evaluate = async (expression) => {
    const { result, exceptionDetails } = await call('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  return {
    seen,
    evaluate,
    open: (url) => call('Page.navigate', { url }),
    async press(key) {
      const enter = key === 'Enter' ? { text: '\r' } : {};
      const code = { Tab: 9, Enter: 13 }[key];
      await call('Input.dispatchKeyEvent', { type: 'keyDown', key, code: key, windowsVirtualKeyCode: code, ...enter });
      await call('Input.dispatchKeyEvent', { type: 'keyUp', key, code: key, windowsVirtualKeyCode: code });
    },
    /** Milliseconds until the expression is true. */
    async until(expression, limitMs = 20_000) {
      const began = performance.now();
      // A page that is just being left has nothing to evaluate in.
      while (!(await evaluate(`!!(${expression})`).catch(() => false))) {
        if (performance.now() - began > limitMs) throw new Error(`it never came true that ${expression}`);
        await delay(10);
      }
      return Math.round(performance.now() - began);
    },
    close: () => wire.call('Target.disposeBrowserContext', { browserContextId }),
  };
}

export async function openBrowser(program) {
  const profile = mkdtempSync(join(tmpdir(), 'khobor-chromium-'));
  const args = [...flags, ...quiet, '--remote-debugging-pipe', `--user-data-dir=${profile}`, 'about:blank'];
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
  const wire = openWire(child.stdio[3], child.stdio[4]);
  return {
    page: (size) => openPage(wire, size),
    async close() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill();
      await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}
