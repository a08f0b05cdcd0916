import { readFileSync } from 'node:fs';
import { runLoad, startProcess } from './processes.mjs';

// Reads that need no database, against bare servers that send the same bytes.

/** Seconds of CPU that a process has taken. */
function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** How fast a server answers, and how many microseconds of CPU an answer takes. */
async function measure(server, load) {
  const before = cpuSeconds(server.pid);
  const { perSecond, answered, loadShare } = await runLoad({ url: server.url, ...load });
  return { perSecond, loadShare, microseconds: ((cpuSeconds(server.pid) - before) * 1_000_000) / answered };
}

/** Compares hot reads of `khobor`; `note` takes a row of the table. */
export async function hotReads({ khobor, paths, rounds, seconds, connections, note }) {
  const asked = [...paths.latest, ...paths.article];
  const bare = (kind) =>
    startProcess(process.execPath, ['tests/bench/bare.mjs', kind, JSON.stringify(asked)], {
      env: { FROM: khobor.url },
    });
  const [http, express] = [await bare('http'), await bare('express')];
  const plain = { headers: { 'accept-encoding': 'identity' } };
  const etag = (await fetch(khobor.url + paths.latest[0], plain)).headers.get('etag');
  const loads = [
    ['hot latest', { paths: paths.latest }],
    ['hot page', { paths: paths.article }],
    ['hot 304', { paths: paths.latest, headers: { 'if-none-match': etag }, status: 304 }],
  ];
  for (const [what, load] of loads) {
    const each = { ...load, connections, seconds };
    for (const server of [khobor, http, express]) await measure(server, each);
    const measured = [];
    for (let round = 0; round < rounds; round += 1)
      measured.push({
        khobor: await measure(khobor, each),
        http: await measure(http, each),
        express: await measure(express, each),
      });
    const of = (reading) => median(measured.map(reading));
    const cpu = of((round) => round.khobor.microseconds / round.http.microseconds);
    const speed = of((round) => round.khobor.perSecond / round.http.perSecond);
    const overExpress = of((round) => round.express.microseconds / round.khobor.microseconds);
    const share = Math.max(...measured.map((round) => round.khobor.loadShare));
    const shown = `${of((round) => round.khobor.microseconds).toFixed(0)} µs to ${of((round) => round.http.microseconds).toFixed(0)} µs`;
    note(`${what}: CPU against bare node:http`, '<= 1.6x', `${cpu.toFixed(2)}x (${shown})`, cpu <= 1.6);
    note(
      `${what}: requests a second against bare node:http`,
      '>= 0.8',
      `${speed.toFixed(2)} (${of((round) => round.khobor.perSecond).toFixed(0)}/s; load at ${share.toFixed(2)} of a core)`,
      speed >= 0.8 || share >= 0.7,
    );
    note(`${what}: bare Express's CPU against ours`, '>= 3x', `${overExpress.toFixed(2)}x`, overExpress >= 3);
  }
  await http.stop();
  await express.stop();
}
