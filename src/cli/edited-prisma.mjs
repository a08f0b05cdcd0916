// A plugin of the bundler: what Prisma's client does for nothing here, it does not do.

import { readFileSync } from 'node:fs';

/**
 * Its debug channel keeps the last hundred things that it was told, with the texts and values of statements, whether or not
 * anybody listens, and reads DEBUG anew each time. What it keeps outlives collections of young garbage, which then copy it: a
 * create took 7 % more processor time. With an empty DEBUG it does nothing now.
 */
const unlessListening = 'if (!globalThis.DEBUG) return;';

/**
 * The client of a transaction is a proxy of a proxy of a proxy, from which a raw statement reads some thirty members: it does
 * that of the client itself, which is told the transaction. Only extensions would see a difference, and there are none.
 */
const ofItself = '._originalClient';

/**
 * It has a graph of all that can be asked, with some ten edges to each node by numbers of up to 450. V8 keeps such objects as
 * arrays with a place for each number, five megabytes in all, unless a number was far from the others.
 */
const fewOfMany = '(edges=>{edges[1e6]=0;delete edges[1e6];return edges})({})';

const changes = [
  {
    file: /@prisma[\\/]debug[\\/]dist[\\/]index\.m?js$/,
    edits: [[/const debugCall = \(\.\.\.args\) => \{/g, (found) => `${found}${unlessListening}`]],
  },
  {
    file: /@prisma[\\/]client[\\/]runtime[\\/]client\.m?js$/,
    edits: [
      [
        /=\(\.\.\.\w+\)=>\{(?=let\{enabled:\w+,namespace:\w+,color:\w+,log:\w+\}=)/g,
        (found) => `${found}${unlessListening}`,
      ],
      [/\w+\.enabled\("prisma:client"\)&&/g, (found) => `globalThis.DEBUG&&${found}`],
      // One of what is asked for, and one of what is answered.
      [
        /(?<=let \w=this\.#\w\(\),\w=)\{\}(?=;for\(let \w=0;\w<\w;\w\+\+\)\{let \w=this\.#\w\(\),\w=this)/g,
        () => fewOfMany,
        2,
      ],
      [/=>this(?=\.\$queryRawInternal\(\w+,"\$queryRawUnsafe",)/g, (found) => `${found}${ofItself}`],
    ],
  },
];

/** Another version of Prisma may read otherwise. Then the build says so instead of leaving it out in silence. */
function edited(path, edits) {
  return edits.reduce(
    (text, [pattern, change, times = 1]) => {
      const count = text.match(pattern)?.length ?? 0;
      if (count !== times) throw new Error(`${path}: ${pattern} is there ${count} times and not ${times}`);
      return text.replace(pattern, change);
    },
    readFileSync(path, 'utf8'),
  );
}

export const editedPrisma = {
  name: 'edited-prisma',
  setup({ onLoad, onEnd }) {
    const seen = new Set();
    for (const { file, edits } of changes)
      onLoad({ filter: file }, ({ path }) => {
        seen.add(file);
        return { contents: edited(path, edits), loader: 'js' };
      });
    onEnd(() => ({
      errors: changes
        .filter(({ file }) => !seen.has(file))
        .map(({ file }) => ({ text: `nothing that was bundled is ${file}` })),
    }));
  },
};
