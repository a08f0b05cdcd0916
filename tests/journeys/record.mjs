import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openCaller } from './recorder/caller.mjs';
import { demonstration, limits, nearLimits } from './recorder/chapters/demonstration.mjs';
import { events } from './recorder/chapters/people.mjs';
import { chapters } from './recorder/chapters.mjs';
import { compare } from './recorder/compare.mjs';
import { journeyOffsets, openMask } from './recorder/mask.mjs';
import { doneEverywhere, probed, refusedEverywhere } from './recorder/matrix.mjs';
import { readOperations } from './recorder/operations.mjs';
import { startProgram } from './recorder/program.mjs';
import { openScenery } from './recorder/scenery.mjs';

// The answers of a whole journey: every operation, every state of an article, every role. `npm run journey -- --out FILE`
// writes one line of JSON for each; `npm run journey -- --compare A B` says what two recordings differ in.

const checkout = join(import.meta.dirname, '../..');
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string' },
    // Every statement that was sent, sorted: its name, a tab, its text.
    statements: { type: 'string' },
    compare: { type: 'boolean', default: false },
    program: { type: 'string', default: join(checkout, 'dist/main.js') },
    document: { type: 'string', default: join(checkout, 'openapi.yaml') },
  },
});

/** The first housekeeping comes a minute after the start; its statements belong to the list. */
const housekeepingMs = 63_000;

/** Tells one story to a program of its own, and gives the statements that it sent. */
async function tell(settings, parts, story) {
  const program = await startProgram(resolve(options.program), settings);
  parts.mask.start(settings.DEMO === 'false' ? journeyOffsets : []);
  const caller = openCaller({ port: program.port, ...parts });
  try {
    const began = performance.now();
    await story(caller, program);
    if (options.statements && settings.DEMO === 'false')
      await delay(Math.max(0, housekeepingMs - (performance.now() - began)));
    return await program.statements();
  } finally {
    caller.close();
    await program.stop();
  }
}

async function record() {
  const began = performance.now();
  const operations = readOperations(options.document);
  const parts = { operations, mask: openMask(), lines: [], called: new Set() };
  const statements = await tell({ DEMO: 'false' }, parts, async (caller, program) => {
    const scenery = await openScenery({ caller, program });
    for (const [name, chapter] of Object.entries(chapters)) {
      caller.begin(name);
      await chapter(scenery);
    }
    await refusedEverywhere(scenery, operations);
    await doneEverywhere(scenery, operations);
    await probed(scenery, operations);
    caller.begin('events');
    await events(scenery);
  });
  const more = await tell({ DEMO: 'true', ...nearLimits }, parts, async (caller) => {
    caller.begin('demonstration');
    await demonstration(caller);
    caller.begin('limits');
    await limits(caller);
  });
  const sent = [...new Set([...statements, ...more])].sort();
  const { lines, called } = parts;
  if (options.out) writeFileSync(options.out, `${lines.join('\n')}\n`);
  if (options.statements) writeFileSync(options.statements, `${sent.join('\n')}\n`);
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  console.log({ answers: lines.length, operations: called.size, statements: sent.length, seconds });
  const missing = operations.filter(({ name }) => !called.has(name));
  if (missing.length > 0) throw new Error(`never called: ${missing.map(({ name }) => name).join(', ')}`);
}

const readLines = (file) => readFileSync(file, 'utf8').trimEnd().split('\n');
const shownMax = 200;

if (options.compare) {
  const [before, after] = positionals.map(readLines);
  const differences = compare(before, after);
  for (const difference of differences.slice(0, shownMax)) console.log(difference);
  console.log(`${before.length} answers before, ${after.length} after, ${differences.length} differ`);
  process.exitCode = differences.length === 0 ? 0 : 1;
} else await record();
